"""GoHighLevel's contacts as its specification and recorded answers have them: one sub-account."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from tests.doubles.base import Asked, Double, Limit, Reply, route

if TYPE_CHECKING:
    from sources.http import Clock

TOKEN = "pit-made-up-for-tests"
LOCATION = "ve9EPM428h8vShlRW1KT"
SECRET = "ghl-secret-made-up"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: What may stand in a search's body.
_KNOWN = {"locationId", "page", "pageLimit", "searchAfter", "filters", "sort", "query"}
_A_DAY = 86_400.0
_refresh_tokens = (f"ghl-refresh-made-up-{number}" for number in itertools.count(1))


@dataclass
class Contact:
    """One contact, and the change that the search's index knows of."""

    id: str
    changed: datetime
    fields: dict[str, Any] = field(default_factory=dict)
    #: When the index sees it.
    seen: datetime = _EPOCH
    #: As the index has it, where it has it otherwise.
    indexed: datetime | None = None

    @property
    def place(self) -> tuple[int, str]:
        """Where it stands in the search."""
        return _milliseconds(self.indexed or self.changed), self.id


class Location(Double):
    """A sub-account of GoHighLevel."""

    vendor: ClassVar[str] = "gohighlevel"
    specifications: ClassVar[tuple[str, ...]] = ("gohighlevel-contacts.json",)

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self.contacts: dict[str, Contact] = {}
        self.tokens = {TOKEN}
        self.scopes = {"contacts.readonly"}
        self.burst = Limit(100, 10.0)
        self.daily = 200_000
        #: How long the search's index takes to see a change.
        self.lag = timedelta(0)
        #: Whether it sorts as it is asked to, and says where contacts stand.
        self.sorts = self.points = True
        #: Whether it gives the first page again and again.
        self.loops = False
        #: The one refresh token that is still good.
        self.refresh_token = next(_refresh_tokens)

    def put(self, number: int | str, changed: datetime, indexed: datetime | None = None, **said: Any) -> None:
        """Write a contact as of this time."""
        key = str(number)
        before = self.contacts[key].fields if key in self.contacts else {}
        seen = self.clock.now() + self.lag if self.lag else _EPOCH
        self.contacts[key] = Contact(key, changed, {**before, **said}, seen, indexed)

    def answer(self, asked: Asked) -> Reply:
        """Answer as any double, with the headers of the limits."""
        reply = super().answer(asked)
        if asked.path != "/oauth/token":
            reply.headers = {**self._limits(), **reply.headers}
        return reply

    def refusal(self, asked: Asked) -> Reply | None:
        """Return what stands in the way of a request: its version, its token, a scope, a limit."""
        if asked.path == "/oauth/token":
            return None
        if asked.headers.get("version") != "2021-07-28":
            return error(401, "version header was not found.")
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return error(401, "Invalid Private Integration token")
        if "contacts.readonly" not in self.scopes:
            return error(401, "The token is not authorized for this scope.")
        self.daily -= 1
        if self.daily < 0:
            self.daily = 0
            return error(429, "Too Many Requests")
        return error(429, "Too Many Requests") if self.burst.is_over(self.clock.monotonic()) else None

    @route("POST", "/contacts/search")
    def search(self, asked: Asked) -> Any:
        """What comes after a place, by time and id; `total` stays, and the end is an empty page."""
        body = asked.json
        if body.get("locationId") != LOCATION:
            return error(403, "The token does not have access to this location.")
        if body.keys() - _KNOWN or not 1 <= body["pageLimit"] <= 100 or "page" in body:
            return error(422, ["property should not exist"])
        there = [each for each in self.contacts.values() if each.seen <= self.clock.now()]
        if self.sorts and body.get("sort") == [{"field": "dateUpdated", "direction": "asc"}]:
            there.sort(key=lambda each: each.place)
        else:
            there.sort(key=lambda each: each.place, reverse=True)
        after = tuple(body["searchAfter"]) if "searchAfter" in body and not self.loops else (-1, "")
        found = [each for each in there if not self.sorts or each.place > after][: body["pageLimit"]]
        shown = [self._shown(each) for each in found]
        return {"contacts": shown, "total": len(there), "traceId": "made-up"}

    @route("GET", r"/contacts/([^/]+)")
    def contact(self, asked: Asked, key: str) -> Any:
        """One contact."""
        if key not in self.contacts:
            return error(400, f"Contact with id {key} not found")
        shown = self._shown(self.contacts[key])
        del shown["searchAfter"]
        return {"contact": shown, "traceId": "made-up"}

    @route("POST", "/oauth/token")
    def token(self, asked: Asked) -> Any:
        """An access token for a day. A refresh token is good for one use, and comes with its successor."""
        form = asked.form
        assert form["user_type"] == "Location"
        if form["client_secret"] != SECRET or form["refresh_token"] != self.refresh_token:
            told = {"error": "invalid_grant", "error_description": "This refresh token is invalid"}
            return Reply(told, status=400)
        self.refresh_token = next(_refresh_tokens)
        access = self.refresh_token.replace("refresh", "access")
        self.tokens = {TOKEN, access}
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": 86_399,
            "refresh_token": self.refresh_token,
            "scope": "contacts.readonly",
            "userType": "Location",
            "locationId": LOCATION,
        }

    def _shown(self, contact: Contact) -> dict[str, Any]:
        said = contact.fields
        first, last = said.get("firstName"), said.get("lastName")
        time = contact.changed.strftime("%Y-%m-%dT%H:%M:%S.") + f"{contact.changed.microsecond // 1000:03d}Z"
        whole = " ".join(part for part in (first, last) if part)
        return {
            "id": contact.id,
            "locationId": LOCATION,
            "type": "lead",
            "firstName": first,
            "lastName": last,
            "contactName": whole.lower() or None,
            "firstNameLowerCase": first.lower() if first else None,
            "email": None,
            "phone": None,
            "additionalPhones": [],
            "tags": [],
            "customFields": [],
            "dnd": False,
            "dndSettings": {},
            "dateAdded": time,
            "dateUpdated": time,
            **said,
            **({"searchAfter": list(contact.place)} if self.points else {}),
        }

    def _limits(self) -> dict[str, str]:
        return {
            "x-ratelimit-max": "100",
            "x-ratelimit-interval-milliseconds": "10000",
            "x-ratelimit-limit-daily": "200000",
            "x-ratelimit-daily-remaining": str(self.daily),
            "x-ratelimit-daily-reset": str(int(_A_DAY * 1000) // 4),
        }


def error(status: int, message: str | list[str]) -> Reply:
    """Return an error as GoHighLevel writes it."""
    return Reply({"statusCode": status, "message": message, "error": "made up"}, status=status)


def _milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)
