"""The sandbox's own JSON: what arrived, what was counted, and the switches, while it runs.

========  ===================  ==========================================================================
GET       /sandbox/contacts    ``{"total", "contacts"}``, the latest arrival first; ``?q=`` a text in them,
                               ``?twice=1`` only those texted more than once, ``?offset=``, ``?limit=``
GET       /sandbox/requests    ``{"total", "requests"}``, oldest first, each with its body, its answer and
                               whether it was stored; ``?after=`` a sequence, ``?limit=`` the newest so many
GET       /sandbox/stats       every count: requests, stored leads, texts, repeats, answers by status
GET       /sandbox/faults      ``{"faults"}``, each with how many requests it saw and struck
PUT       /sandbox/faults      replace them by a list of texts like ``"status=503 times=3"`` or of objects
                               like ``{"action": "status", "status": 503, "times": 3}``
DELETE    /sandbox/faults      clear them
GET       /sandbox/rules       ``{"rules"}``, each with its value, its choices and how well it is known
PUT       /sandbox/rules       change some: an object like ``{"dedup": "none"}``
POST      /sandbox/reset       forget contacts, requests and counts; rules and faults stay
========  ===================  ==========================================================================

What is not understood is answered 400 with ``{"errors": ["text"]}``, and changes nothing. The conditions
and actions of a fault are the fields of `sync.sandbox.faults.Fault`. Bodies need no Content-Type.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from sync.sandbox.faults import FaultError
from sync.sandbox.rules import RuleError
from sync.sandbox.views import ContactFilter, number

if TYPE_CHECKING:
    from starlette.requests import Request

    from sync.sandbox.state import State


@dataclass(frozen=True, slots=True)
class Described:
    """One thing that can be asked for below ``/sandbox/``, in the words of the page /rules."""

    method: str
    path: str
    says: str


DESCRIBED = (
    Described(
        "GET",
        "/sandbox/contacts",
        "The contacts, the latest arrival first. ?q=TEXT searches them, ?twice=1 gives those texted more "
        "than once, ?offset= and ?limit= a part.",
    ),
    Described(
        "GET",
        "/sandbox/requests",
        "Every request, oldest first, with its body, its answer and whether it was stored. ?after=N gives "
        "those after number N, ?limit=N the newest N.",
    ),
    Described("GET", "/sandbox/stats", "Every count: requests, leads stored, texts, repeats, answers."),
    Described("GET", "/sandbox/faults", "The faults, with how many requests each saw and struck."),
    Described("PUT", "/sandbox/faults", "Replaces the faults by a JSON list of texts, or of objects."),
    Described("DELETE", "/sandbox/faults", "Clears the faults."),
    Described("GET", "/sandbox/rules", "The rules, with their values, choices and grades."),
    Described("PUT", "/sandbox/rules", "Changes the rules that a JSON object names; the others stay."),
    Described("POST", "/sandbox/reset", "Forgets contacts, requests and counts. Rules and faults stay."),
)


class Control:
    """The routes below ``/sandbox/``."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        """Return the routes for Starlette."""
        return [
            Route("/sandbox/contacts", self.contacts),
            Route("/sandbox/requests", self.requests),
            Route("/sandbox/stats", self.stats),
            Route("/sandbox/reset", self.reset, methods=["POST"]),
            Route("/sandbox/faults", self.faults, methods=["GET", "PUT", "DELETE"]),
            Route("/sandbox/rules", self.rules, methods=["GET", "PUT"]),
        ]

    async def contacts(self, request: Request) -> Response:
        """Return the contacts, latest first: ``?q=`` text, ``?twice=1``, ``?offset=``, ``?limit=``."""
        found = ContactFilter.of(request).apply(self._state)
        offset, limit = number(request, "offset", 0), number(request, "limit", len(found))
        shown = [self._state.contact_data(each) for each in found[offset : offset + limit]]
        return _json({"total": len(found), "contacts": shown})

    async def requests(self, request: Request) -> Response:
        """Return the request log, oldest first: ``?after=`` a sequence, ``?limit=`` the newest so many."""
        after = number(request, "after", 0)
        found = [each for each in self._state.requests() if each.sequence > after]
        limit = number(request, "limit", len(found))
        shown = found[len(found) - limit :] if limit < len(found) else found
        return _json({"total": len(found), "requests": [each.as_data() for each in shown]})

    async def stats(self, _request: Request) -> Response:
        """Return every count."""
        return _json(self._state.stats_data())

    async def reset(self, _request: Request) -> Response:
        """Forget contacts, requests and counts."""
        self._state.reset()
        return _json({"reset": True})

    async def faults(self, request: Request) -> Response:
        """Return the faults, replace them (PUT a list of objects or texts), or clear them (DELETE)."""
        if request.method == "DELETE":
            self._state.set_faults([])
        elif request.method == "PUT":
            await self._put_faults(request)
        return _json({"faults": [each.as_data() for each in self._state.faults]})

    async def rules(self, request: Request) -> Response:
        """Return the rules, or change some (PUT an object of names and values)."""
        if request.method == "PUT":
            document = await _document(request)
            if not isinstance(document, dict):
                raise HTTPException(400, "expected a JSON object of rule names and values")
            try:
                self._state.set_rules(document)
            except RuleError as error:
                raise HTTPException(400, str(error)) from None
        return _json({"rules": self._state.rules.described()})

    async def _put_faults(self, request: Request) -> None:
        document = await _document(request)
        if isinstance(document, dict) and document.keys() == {"faults"}:
            document = document["faults"]
        if not isinstance(document, list):
            raise HTTPException(400, "expected a JSON list of faults")
        try:
            self._state.set_faults(document)
        except FaultError as error:
            raise HTTPException(400, str(error)) from None


async def problem(_request: Request, error: Exception) -> Response:
    """Answer an error of these routes as ``{"errors": ["text"]}``."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = error.detail if isinstance(error, HTTPException) else "the sandbox failed"
    headers = error.headers if isinstance(error, HTTPException) else None
    return _json({"errors": [detail]}, status, headers)


async def _document(request: Request) -> Any:
    try:
        return orjson.loads(await request.body())
    except ValueError:
        raise HTTPException(400, "the body is not JSON") from None


def _json(document: Any, status: int = 200, headers: Any = None) -> Response:
    body = orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return Response(body, status, headers, media_type="application/json")
