"""The pages for a browser: contacts, requests, rules and faults."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from sync.sandbox.access import API_KEY, V1_KEY
from sync.sandbox.control import DESCRIBED
from sync.sandbox.views import ContactFilter, number

if TYPE_CHECKING:
    from starlette.requests import Request

    from sync.sandbox.state import State

_CONTACTS_A_PAGE = 50
_REQUESTS_A_PAGE = 100
_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; "
    "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Pages:
    """The routes that answer HTML. A request with ``X-Fragment`` gets only the part that changes."""

    def __init__(self, state: State) -> None:
        self._state = state
        loader = PackageLoader("sync.sandbox", "templates")
        self._environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
        self._environment.filters["clock"] = _clock
        # A process that starts anew counts revisions anew: a page of the old one must not match.
        self._epoch = secrets.token_hex(4)

    def routes(self) -> list[Route]:
        """Return the routes for Starlette."""
        return [
            Route("/", self.contacts),
            Route("/requests", self.requests),
            Route("/rules", self.rules),
        ]

    async def contacts(self, request: Request) -> Response:
        """Show the contacts."""
        wanted = ContactFilter.of(request)
        found = wanted.apply(self._state)
        page = _page(request, len(found), _CONTACTS_A_PAGE)
        shown = found[page["offset"] : page["offset"] + _CONTACTS_A_PAGE]
        rows = [(each, self._state.texts_to_reader(each)) for each in shown]
        return self._render(request, "contacts.html", {"rows": rows, "wanted": wanted, "page": page})

    async def requests(self, request: Request) -> Response:
        """Show the request log, newest first."""
        entries = self._state.requests()
        page = _page(request, len(entries), _REQUESTS_A_PAGE)
        end = len(entries) - page["offset"]
        shown = entries[max(0, end - _REQUESTS_A_PAGE) : end]
        return self._render(request, "requests.html", {"entries": shown[::-1], "page": page})

    async def rules(self, request: Request) -> Response:
        """Show the rules, with what is known of each, and the faults."""
        context = {"rules": self._state.rules.described(), "controls": DESCRIBED}
        return self._render(request, "rules.html", context)

    def _render(self, request: Request, name: str, context: dict[str, Any]) -> Response:
        tag = f'"{self._epoch}-{self._state.revision}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"etag": tag})
        nonce = secrets.token_urlsafe(16)
        template = self._environment.get_template(name)
        context |= {"nonce": nonce, "connect": self._connect(request)}
        context |= {"departments": len(self._state.gate.access.departments)}
        context |= {"stats": self._state.stats_data(), "faults": self._state.faults}
        if "x-fragment" in request.headers:
            html = "".join(template.blocks["live"](template.new_context(context)))
        else:
            html = template.render(context)
        headers = {"etag": tag, "content-security-policy": _POLICY.format(nonce=nonce)}
        return HTMLResponse(html, headers=headers)

    def _connect(self, request: Request) -> dict[str, str]:
        """Return what connector.yaml needs to send here; a key that is not the made-up one stays secret."""
        access = self._state.gate.access
        department, key = next(iter(access.departments.items()), ("", ""))
        return {
            "base_url": f"{request.base_url}api/webhooks/",
            "department": department,
            "api_key": key if key == API_KEY else "",
            "v1_url": f"{request.base_url}v1/contacts",
            "v1_key": V1_KEY if V1_KEY in access.v1_keys else "",
            "v1_source": min(access.v1_sources, default=""),
        }


def _page(request: Request, total: int, size: int) -> dict[str, int]:
    offset = min(number(request, "offset", 0), max(0, (total - 1) // size * size))
    return {"offset": offset, "size": size, "total": total, "last": min(total, offset + size)}


def _clock(seconds: float) -> dict[str, str]:
    moment = datetime.fromtimestamp(seconds).astimezone()
    return {
        "iso": moment.isoformat(timespec="milliseconds"),
        "time": f"{moment:%H:%M:%S}",
        "day": f"{moment:%d %b}",
    }
