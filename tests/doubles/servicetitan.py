"""ServiceTitan's CRM v2 as its specification has it: one tenant, its lists, and its tokens."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from tests.doubles.base import Asked, Double, Limit, Reply, route

if TYPE_CHECKING:
    from collections.abc import Callable

    from sources.http import Clock

TENANT = 555010123
CLIENT = ("cid.made-up", "cs1.secret-made-up")
APP_KEY = "ak1.key-made-up"
#: How long a token lasts, in seconds.
_LIFE = 900
#: How late the feed is for those who don't ask for recent changes.
_FEED_LAG = timedelta(minutes=10)
_LIST = rf"/crm/v2/tenant/{TENANT}/(leads|customers)"


@dataclass
class Held:
    """One lead or customer."""

    id: int
    changed: datetime
    fields: dict[str, Any]
    active: bool = True


class TenantDouble(Double):
    """A company in ServiceTitan."""

    vendor: ClassVar[str] = "servicetitan"
    specifications: ClassVar[tuple[str, ...]] = ("servicetitan-crm-v2.json",)

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self.held: dict[str, dict[int, Held]] = {"leads": {}, "customers": {}}
        self.contacts: list[dict[str, Any]] = []
        #: When each access token ends.
        self.tokens: dict[str, float] = {}
        self.scopes = {"leads", "customers"}
        self.limit = Limit(60, 1.0)
        #: No page is larger than this, whatever is asked for.
        self.largest = 5_000
        #: Whether lists are sorted as asked, tell how many they hold, and ever come to another page.
        self.sorts, self.counts, self.loops = True, True, False
        #: Whether times that are asked for are heeded.
        self.heeds = True
        #: The export feed: what changed, in the order in which it did, as kind and id.
        self.feed: list[tuple[str, int]] = []
        #: How many of the newest changes an answer of the feed takes back, to give them again.
        self.repeats = 0
        #: The feed knows no token that was given before this one.
        self.oldest_token = 0
        #: What happens after the next pages, one after another.
        self.meanwhile: list[Callable[[], None]] = []
        self._numbers = itertools.count(1)

    def put(
        self, number: int, changed: datetime, kind: str = "leads", *, active: bool = True, **said: Any
    ) -> None:
        """Write a lead or a customer as of this time."""
        before = self.held[kind].get(number)
        fields = {**(before.fields if before else {}), **said}
        self.held[kind][number] = Held(number, changed, fields, active)
        self.feed.append((kind, number))

    def put_contact(self, customer: int, kind: str, value: str, *, do_not_text: bool = False) -> None:
        """Write a phone or an e-mail of a customer."""
        settings = {"phoneNumber": value, "doNotText": do_not_text}
        number = len(self.contacts) + 1
        said = {"id": number, "customerId": customer, "type": kind, "value": value, "phoneSettings": settings}
        self.contacts.append({**said, "modifiedOn": _told(self.clock.now())})

    def refusal(self, asked: Asked) -> Reply | None:
        """Return what stands in the way of a request: its token, the app's key, a scope, the limit."""
        if asked.path == "/connect/token":
            return None
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if self.tokens.get(token, 0) <= self.clock.monotonic() or asked.headers.get("st-app-key") != APP_KEY:
            return problem(401, "Unauthorized")
        if self.limit.is_over(self.clock.monotonic()):
            return slow_down("Rate limit is exceeded. Try again in 1 seconds.")
        if not any(f"/{scope}" in asked.path for scope in self.scopes):
            return problem(403, "Forbidden")
        return None

    @route("POST", "/connect/token")
    def token(self, asked: Asked) -> Any:
        """An access token for a quarter of an hour; nothing to renew it with."""
        form = asked.form
        if (form["client_id"], form["client_secret"]) != CLIENT or form["grant_type"] != "client_credentials":
            return Reply({"error": "invalid_client"}, status=400)
        token = f"access-made-up-{next(self._numbers)}"
        self.tokens[token] = self.clock.monotonic() + _LIFE
        return {"access_token": token, "expires_in": _LIFE, "token_type": "Bearer", "scope": "made.up"}

    @route("GET", _LIST)
    def listed(self, asked: Asked, kind: str) -> Reply:
        """A list by page numbers, over what is there at this moment."""
        query = asked.query
        if (
            query.get("sort", "+Id")[1:] not in ("Id", "ModifiedOn", "CreatedOn")
            or query.get("sort", "+")[0] not in "+-"
        ):
            return problem(400, f"The sort field is unknown: '{query['sort']}'")
        if "ids" in query and len(query["ids"].split(",")) > 50:
            return problem(400, "Too many ids, 50 at most")
        if not self.heeds:
            query.pop("modifiedOnOrAfter", None)
        found = self._sorted([each for each in self.held[kind].values() if _passes(each, query, kind)], query)
        return self._page([_shown(each, kind) for each in found], query)

    @route("GET", rf"/crm/v2/tenant/{TENANT}/export/(leads|customers)")
    def exported(self, asked: Asked, kind: str) -> Reply:
        """The export feed: everything since a token or a day; recent changes only for those who want them."""
        begins, recent = asked.query.get("from", ""), asked.query.get("includeRecentChanges") == "true"
        start, day = 0, begins
        if begins.startswith("feed-"):
            start, day = int(begins.removeprefix("feed-")), ""
            if start < self.oldest_token:
                return problem(400, "The continuation token is not valid")
        end = min(len(self.feed), start + self.largest)
        changes = [number for each, number in self.feed[start:end] if each == kind]
        settled = self.clock.now() - _FEED_LAG
        found = [self.held[kind][number] for number in dict.fromkeys(changes)]
        found = [each for each in found if _told(each.changed) >= day and (recent or each.changed <= settled)]
        more = self.loops or end < len(self.feed)
        back = start if self.loops else end if more else max(0, end - self.repeats)
        data = [{**_shown(each, kind), "active": each.active} for each in found]
        reply = Reply({"hasMore": more, "continueFrom": f"feed-{back}", "data": data})
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return reply

    @route("GET", rf"/crm/v2/tenant/{TENANT}/customers/contacts")
    def of_customers(self, asked: Asked) -> Reply:
        """The contacts of some customers; an error for a list of nobody's."""
        wanted = set(asked.query.get("customerIds", "").split(","))
        found = [each for each in self.contacts if str(each["customerId"]) in wanted]
        return self._page(found, asked.query) if found else problem(404, "There are no contacts")

    def unknown(self, asked: Asked) -> Reply:
        """Return what an address that is not there is answered with, as that of another tenant."""
        del asked
        return problem(404, "Resource not found")

    def _sorted(self, found: list[Held], query: dict[str, str]) -> list[Held]:
        order = query.get("sort", "+Id")
        if not self.sorts:
            return found
        by_id = order.endswith("Id")
        # Among those of one moment the order is nowhere promised: here it is the other way round.
        return sorted(
            found, key=lambda each: (each.id,) if by_id else (each.changed, -each.id), reverse=order[0] == "-"
        )

    def _page(self, found: list[dict[str, Any]], query: dict[str, str]) -> Reply:
        size = min(int(query.get("pageSize", "50")), self.largest)
        number = 1 if self.loops else int(query.get("page", "1"))
        more = self.loops or len(found) > number * size
        told: dict[str, Any] = {"page": number, "pageSize": size, "hasMore": more}
        if query.get("includeTotal") == "true" and self.counts:
            told["totalCount"] = len(found)
        reply = Reply({**told, "data": found[(number - 1) * size : number * size]})
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return reply


def problem(status: int, title: str) -> Reply:
    """Return an error as ServiceTitan writes it."""
    about = "https://tools.ietf.org/html/rfc7231"
    return Reply({"type": about, "title": title, "status": status, "traceId": "00-made-up-00"}, status=status)


def slow_down(message: str, after: str | None = None) -> Reply:
    """Return the answer of the gateway in front of ServiceTitan to one request too many."""
    headers = {} if after is None else {"Retry-After": after}
    return Reply({"statusCode": 429, "message": message}, status=429, headers=headers)


def _passes(held: Held, query: dict[str, str], kind: str) -> bool:
    if kind == "customers" and query.get("active", "True") not in ("Any", str(held.active)):
        return False
    if "ids" in query and str(held.id) not in query["ids"].split(","):
        return False
    since, until = _time(query.get("modifiedOnOrAfter")), _time(query.get("modifiedBefore"))
    # "On or after" for leads; of customers the specification says "after".
    early = since is not None and (held.changed < since or (kind == "customers" and held.changed == since))
    return not early and (until is None or held.changed < until)


def _shown(held: Held, kind: str) -> dict[str, Any]:
    at = _told(held.changed)
    own: dict[str, Any] = {"status": "Open", "priority": "Normal", "customerId": None, "campaignId": 5}
    if kind == "customers":
        own = {"active": held.active, "name": "Ada", "type": "Residential"}
    return {"id": held.id, **own, "createdOn": at, "modifiedOn": at, **held.fields}


def _told(at: datetime) -> str:
    """Return a time as .NET writes it, with seven digits after the second."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}0Z"


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
