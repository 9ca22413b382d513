"""Zoho CRM v8 as its specification and recorded answers have it: one organisation in one data center."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, ClassVar

from tests.doubles.base import Asked, Double, Limit, Reply, route

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sources.http import Clock

CLIENT = "1000.CLIENTMADEUP"
SECRET = "zoho-secret-made-up"
#: Times come in the zone of the user who authorised us.
_ZONE = timezone(timedelta(hours=3))
_HOUR = 3_600.0
#: Pages have numbers up to this record.
_NUMBERED = 2_000
_refresh_tokens = (f"1000.refresh-made-up-{number}" for number in itertools.count(1))


@dataclass
class Held:
    """One record."""

    id: str
    changed: datetime
    fields: dict[str, Any] = field(default_factory=dict)
    converted: bool = False


class Organisation(Double):
    """An organisation of Zoho CRM, and the place where its tokens come from."""

    vendor: ClassVar[str] = "zoho"
    specifications: ClassVar[tuple[str, ...]] = ("zoho-record.json",)
    #: The fields of a module stand in a file of their own; here they look like a record of `settings`.
    tolerated: ClassVar[tuple[str, ...]] = (r"\?module is unknown$",)

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self.modules: dict[str, dict[str, Held]] = {"Leads": {}, "Contacts": {}}
        self.names = {"id", "Modified_Time", "Created_Time", "Owner"}
        self.refresh_token = next(_refresh_tokens)
        self.token_limit = Limit(10, 600.0)
        #: When each access token ends.
        self.tokens: dict[str, float] = {}
        self.scopes = {"modules", "settings"}
        #: Where tokens say that the API is; None: here.
        self.api_domain: str | None = None
        #: Credits that are left; told from half of them on.
        self.credits: int | None = None
        #: Whether "modified since" holds the second itself, and whether it is heeded at all.
        self.inclusive, self.heeds = True, True
        self.sorts = True
        #: Whether it gives the first page again and again.
        self.loops = False
        #: What happens after the next pages, one after another.
        self.meanwhile: list[Callable[[], None]] = []

    def put(
        self,
        number: int | str,
        changed: datetime,
        module: str = "Leads",
        *,
        converted: bool = False,
        **said: Any,
    ) -> None:
        """Write a record as of this time."""
        held = self.modules[module]
        before = held[str(number)].fields if str(number) in held else {}
        held[str(number)] = Held(str(number), changed, {**before, **said}, converted)
        self.names |= said.keys()

    def refusal(self, asked: Asked) -> Reply | None:
        """Return what stands in the way of a request: its token, a scope, the credits."""
        if asked.path == "/oauth/v2/token":
            return None
        scheme, _, token = asked.headers.get("authorization", "").partition(" ")
        if scheme != "Zoho-oauthtoken" or self.tokens.get(token, 0) <= self.clock.monotonic():
            return error(401, "INVALID_TOKEN", "invalid oauth token")
        if ("settings" if "/settings/" in asked.path else "modules") not in self.scopes:
            return error(401, "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL")
        if self.credits == 0:
            reply = error(429, "TOO_MANY_REQUESTS", "Many requests fired in concurrent")
            reply.headers["X-API-CREDITS-REMAINING"] = "0"
            return reply
        return None

    @route("POST", "/oauth/v2/token")
    def token(self, asked: Asked) -> Any:
        """An access token for an hour; refusals are a 200, and one token too many blocks for a while."""
        form = asked.form
        if self.token_limit.is_over(self.clock.monotonic()):
            told = "You have made too many requests continuously. Please try again after some time."
            return Reply({"error_description": told, "error": "Access Denied", "status": "failure"}, 400)
        if (form["client_id"], form["client_secret"]) != (CLIENT, SECRET):
            return {"error": "invalid_client"}
        if form["refresh_token"] != self.refresh_token:
            return {"error": "invalid_code"}
        token = f"1000.access-made-up-{len(self.tokens)}"
        self.tokens[token] = self.clock.monotonic() + _HOUR
        domain = self.url() if self.api_domain is None else self.api_domain
        told = {"access_token": token, "scope": "ZohoCRM.modules.READ", "token_type": "Bearer"}
        return {**told, "api_domain": domain, "expires_in": 3600}

    @route("GET", "/crm/v8/settings/fields")
    def fields(self, asked: Asked) -> Any:
        """The fields of a module."""
        if asked.query["module"] not in self.modules:
            return error(400, "INVALID_MODULE", "the module name given seems to be invalid")
        return {"fields": [{"api_name": name, "data_type": "text"} for name in sorted(self.names)]}

    @route("GET", r"/crm/v8/(\w+)")
    def records(self, asked: Asked, module: str) -> Reply:
        """The list: with the fields that are asked for, without converted ones unless they are asked for."""
        query = asked.query
        wrong = self._wrong(query, module)
        if wrong is not None:
            return wrong
        there = [each for each in self.modules[module].values() if _shows(each, query)]
        if not there:
            return Reply(status=204)
        found = self._since(there, asked.headers.get("if-modified-since"))
        if not found:
            return Reply(status=304)
        if "ids" in query:
            found = [each for each in found if each.id in query["ids"].split(",")]
        size = int(query.get("per_page", "200"))
        start = (
            int(query.get("page_token", "0").removeprefix("token-")) or (int(query.get("page", 1)) - 1) * size
        )
        if self.loops:
            return self._page(self._since(there, None) * 2, 0, size, query["fields"].split(","))
        if not found[start : start + size]:
            return Reply(status=204)
        reply = self._page(found, start, size, query["fields"].split(","))
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return reply

    def _wrong(self, query: dict[str, str], module: str) -> Reply | None:
        if module not in self.modules:
            return error(400, "INVALID_MODULE", "the module name given seems to be invalid")
        if not query.get("fields"):
            return error(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing")
        if len(query["fields"].split(",")) > 50 or len(query.get("ids", "").split(",")) > 100:
            return error(400, "LIMIT_EXCEEDED", "too many")
        if "page" in query and "page_token" in query:
            return error(400, "AMBIGUITY_DURING_PROCESSING", "page and page_token")
        if int(query.get("page", "1")) * int(query.get("per_page", "200")) > _NUMBERED:
            return error(400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED", "use page_token beyond 2000 records")
        return None

    def _since(self, there: Sequence[Held], told: str | None) -> list[Held]:
        found = sorted(there, key=lambda each: (each.changed, int(each.id)), reverse=not self.sorts)
        if told is None or not self.heeds:
            return found
        since = datetime.fromisoformat(told)
        return [each for each in found if each.changed > since or (self.inclusive and each.changed == since)]

    def _page(self, found: Sequence[Held], start: int, size: int, names: Sequence[str]) -> Reply:
        end = start + size
        more = end < len(found)
        info = {"per_page": size, "count": len(found[start:end]), "more_records": more}
        info["next_page_token"] = f"token-{end}" if more else None  # type: ignore[assignment] # as JSON has it
        data = [self._shown(each, names) for each in found[start:end]]
        few = {} if self.credits is None else {"X-API-CREDITS-REMAINING": str(self.credits)}
        return Reply({"data": data, "info": info}, headers=few)

    def _shown(self, held: Held, names: Sequence[str]) -> dict[str, Any]:
        at = held.changed.replace(microsecond=0).astimezone(_ZONE).isoformat()
        own = {"Modified_Time": at, "Created_Time": at, "Owner": {"id": "7", "name": "Grace"}}
        asked = {name: held.fields.get(name, own.get(name)) for name in names if name in self.names}
        return {**asked, "id": held.id, "$converted": held.converted, "$approved": True}


def error(status: int, code: str, message: str) -> Reply:
    """Return an error as Zoho writes it."""
    return Reply({"code": code, "details": {}, "message": message, "status": "error"}, status=status)


def _shows(held: Held, query: dict[str, str]) -> bool:
    wanted = query.get("converted", "false")
    return wanted == "both" or held.converted == (wanted == "true")
