"""Pipedrive as its client libraries and recorded answers have it: leads in v1, persons in v2, two limits."""

from __future__ import annotations

import itertools
import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from tests.doubles import pipedrive_answers as say
from tests.doubles.base import Asked, Double, Limit, Reply, route

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sources.http import Clock

TOKEN = "40-hex-digits-made-up-for-tests"
CLIENT = ("app-made-up", "secret-made-up")
REFRESH = "refresh-made-up"
#: What a request costs, by its path, of the tokens of a day; anything else costs 2.
COSTS = {"/v1/leads": 20, "/v1/leads/archived": 40, "/api/v2/persons": 10}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_SORTS = {
    "id",
    "title",
    "owner_id",
    "creator_id",
    "was_seen",
    "expected_close_date",
    "add_time",
    "update_time",
}


class PipedriveDouble(Double):
    """A company in Pipedrive."""

    vendor: ClassVar[str] = "pipedrive"

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self._leads: dict[str, dict[str, Any]] = {}
        self.persons: dict[int, dict[str, Any]] = {}
        self.custom: dict[str, set[str]] = {"person": set(), "deal": set()}
        self.tokens = {TOKEN}
        self.scopes = {"leads", "persons"}
        self.burst = Limit(20, 2.0)
        self.budget = self.whole_budget = 30_000
        #: What happens after each of the next answers with a list, one after another.
        self.meanwhile: list[Callable[[], None]] = []
        #: Whether lists are sorted as they are asked to be.
        self.sorts = True
        #: Whether every page of a list is its first one, and says that there are more.
        self.loops = False
        #: Granted by the token endpoint, in this order.
        self.granted = (f"oauth-access-{number}" for number in itertools.count(1))
        self.refresh_token = REFRESH

    def put_lead(self, key: str, changed: datetime, **fields: Any) -> None:
        """Write a lead as of this time."""
        before = self._leads.pop(key, {})
        self._leads[key] = say.lead(key, changed, {**before, **fields})
        self.custom["deal"] |= fields.keys() - say.lead(key, changed, {}).keys()

    def put_person(self, number: int, changed: datetime, **fields: Any) -> None:
        """Write a person as of this time; fields that Pipedrive does not know are custom ones."""
        known = say.person(number, changed, {}).keys()
        own = {name: value for name, value in fields.items() if name in known}
        custom = {name: value for name, value in fields.items() if name not in known}
        before = self.persons.get(number, {})
        own["custom_fields"] = {**(before.get("custom_fields") or {}), **custom} or None
        self.persons[number] = say.person(number, changed, {**before, **own})
        self.custom["person"] |= custom.keys()

    def drop_lead(self, key: str) -> None:
        """Delete a lead; no list shows it again."""
        del self._leads[key]

    def answer(self, asked: Asked) -> Reply:
        """Answer with the headers of both limits."""
        reply = super().answer(asked)
        told = {"x-ratelimit-limit": str(self.burst.count), "x-ratelimit-reset": "2"}
        told["x-daily-ratelimit-token-limit"] = str(self.whole_budget)
        told["x-daily-ratelimit-token-remaining"] = str(self.budget)
        reply.headers = {**told, **reply.headers}
        return reply

    def refusal(self, asked: Asked) -> Reply | None:
        """Return what stands in the way of a request: its token, a limit, a permission."""
        if asked.path == "/oauth/token":
            return None
        token = asked.headers.get("x-api-token") or asked.query.get("api_token")
        token = token or asked.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            return say.refused(401, "unauthorized access")
        if self.burst.is_over(self.clock.monotonic()) or self.budget < COSTS.get(asked.path, 2):
            return say.refused(429, "request over limit")
        self.budget -= COSTS.get(asked.path, 2)
        kind = "leads" if "leads" in asked.path else "persons"
        return None if kind in self.scopes else say.refused(403, "Scope and URL mismatch")

    @route("GET", "/v1/leads")
    def leads(self, asked: Asked) -> Any:
        """Leads that are not archived."""
        since = asked.query.get("updated_since")
        there = [each for each in self._leads.values() if not each["is_archived"]]
        if since is not None:
            moment = datetime.fromisoformat(since)
            there = [each for each in there if datetime.fromisoformat(each["update_time"]) >= moment]
        return self._page(asked, there)

    @route("GET", "/v1/leads/archived")
    def archived(self, asked: Asked) -> Any:
        """Archived leads, which can't be asked for since when they changed."""
        if "updated_since" in asked.query:
            self.complaints.append("GET /v1/leads/archived: ?updated_since is unknown")
        return self._page(asked, [each for each in self._leads.values() if each["is_archived"]])

    @route("GET", r"/v1/leads/([\w-]+)")
    def one(self, asked: Asked, key: str) -> Any:
        """One lead, archived or not."""
        del asked
        if key not in self._leads:
            return say.refused(404, "Lead not found")
        return {"success": True, "data": self._leads[key]}

    @route("GET", "/v1/persons")
    def gone(self, asked: Asked) -> Any:
        """The list of persons that there was."""
        del asked
        return say.refused(410, "This endpoint is no longer available")

    @route("GET", "/api/v2/persons")
    def persons_page(self, asked: Asked) -> Any:
        """Persons, by a cursor that says where to go on in the order of the times."""
        said = asked.query
        wrong = [said[name] for name in ("updated_since", "updated_until") if not _is_time(said.get(name))]
        ids = said.get("ids", "").split(",") if said.get("ids") else []
        limit = int(said.get("limit", "100"))
        names = said.get("custom_fields", "").split(",")
        if wrong or limit > 500 or len(ids) > 100 or len(names) > 15:
            return say.refused(400, "Parameter validation failed")
        low, high = said.get("updated_since", ""), said.get("updated_until", "9")
        there = [each for each in self.persons.values() if low <= each["update_time"] < high]
        there = [each for each in there if not ids or str(each["id"]) in ids]
        return self._cursor_page([_narrowed(each, said) for each in there], said, limit)

    @route("GET", r"/api/v2/(person|deal)Fields")
    def names(self, asked: Asked, kind: str) -> Any:
        """The fields of a kind; leads have those of deals."""
        del asked
        fields = [{"field_code": name, "is_custom_field": True} for name in sorted(self.custom[kind])]
        return say.page_v2(fields, None)

    @route("POST", "/oauth/token")
    def token(self, asked: Asked) -> Any:
        """The refresh grant; Pipedrive takes id and secret in a header, and tells where the company is."""
        from sources.http import basic

        if asked.headers.get("authorization") != basic(*CLIENT).value:
            return Reply({"error": "invalid_client"}, status=401)
        if asked.form.get("refresh_token") != self.refresh_token:
            return Reply({"success": False, "error": "invalid_grant"}, status=400)
        token = next(self.granted)
        self.tokens.add(token)
        said = {"access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": "leads:read"}
        return {**said, "refresh_token": self.refresh_token, "api_domain": self.url().rstrip("/")}

    def _page(self, asked: Asked, there: Sequence[dict[str, Any]]) -> Reply:
        said = asked.query
        start, limit = int(said.get("start", "0")), int(said.get("limit", "100"))
        name, direction = said.get("sort", "add_time ASC").split(" ")
        if name not in _SORTS or limit > 500:
            return say.refused(400, "Bad request")
        found = list(there)
        if self.sorts:
            found.sort(key=lambda each: str(each[name]), reverse=direction == "DESC")
        first = 0 if self.loops else start
        more = self.loops or len(found) > start + limit
        return self._then(say.page_v1(found[first : first + limit], start, limit, more=more))

    def _cursor_page(self, there: list[dict[str, Any]], said: dict[str, str], limit: int) -> Reply:
        backwards = said.get("sort_direction") == "desc"
        by = said.get("sort_by", "id")
        there.sort(key=lambda each: (str(each[by]) if by != "id" else "", each["id"]), reverse=backwards)
        if not self.sorts:
            there.sort(key=lambda each: -each["id"])
        marks = [json.dumps([each[by], each["id"]]) for each in there]
        start = 0
        if self.loops:
            return self._then(say.page_v2(there[:limit], marks[0]))
        if "cursor" in said:
            after = json.loads(said["cursor"])
            start = next((n for n, mark in enumerate(marks) if json.loads(mark) >= after), len(marks))
            start = start if self.sorts else marks.index(said["cursor"])
        more = marks[start + limit] if len(marks) > start + limit else None
        return self._then(say.page_v2(there[start : start + limit], more))

    def _then(self, reply: Reply) -> Reply:
        reply.body = json.dumps(reply.data).encode()  # as it is now
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return reply


def _is_time(text: str | None) -> bool:
    return text is None or bool(_TIME.fullmatch(text))


def _narrowed(person: dict[str, Any], said: dict[str, str]) -> dict[str, Any]:
    """Return a person with the custom fields, and the further ones, that are asked for."""
    custom, names = person["custom_fields"], said.get("custom_fields")
    if custom and names:
        custom = {name: value for name, value in custom.items() if name in names.split(",")}
    further = {name: None for name in said.get("include_fields", "").split(",") if name}
    return {**person, **further, "custom_fields": custom}
