"""Close's API as its documents and recorded answers have it: a search by days, people inside leads."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any, ClassVar

from tests.doubles.base import Asked, Double, Limit, Reply, route

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sources.http import Clock

KEY = "api_made-up-for-tests.7sB2"
CLIENT = ("oa2client_made-up", "oa2secret-made-up")
REFRESH = "oa2refresh-made-up"


class CloseDouble(Double):
    """An organisation in Close."""

    vendor: ClassVar[str] = "close"

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self.leads: dict[str, dict[str, Any]] = {}
        self.contacts: dict[str, dict[str, Any]] = {}
        self.keys = {KEY}
        self.tokens: set[str] = set()
        self.custom_fields: list[str] = []
        self.limit = Limit(20, 1.0)
        #: How many hours from UTC the days of a search are, whatever a request says.
        self.zone = 0
        #: A search gives no more than this.
        self.cap = 10_000
        #: Whether searches are sorted as they are asked to be.
        self.sorts = True
        #: Whether every page of a search is its first one, and says that there are more.
        self.loops = False
        #: What happens after each of the next searches, one after another.
        self.meanwhile: list[Callable[[], None]] = []
        self.granted = (f"oa2access-{number}" for number in itertools.count(1))
        self.refresh_token = REFRESH

    def put(self, key: str, changed: datetime, **fields: Any) -> None:
        """Write a lead as of this time; its people stay."""
        before = self.leads.get(key, {"id": key, "name": "Acme", "date_created": written(changed)})
        self.leads[key] = {**before, **fields, "date_updated": written(changed)}

    def put_person(self, key: str, lead: str, changed: datetime, **fields: Any) -> None:
        """Write a person of a lead as of this time; that does not move the lead's own time."""
        before = self.contacts.get(key, {"id": key, "lead_id": lead, "phones": [], "emails": []})
        self.contacts[key] = {**before, **fields, "date_updated": written(changed)}

    def refusal(self, asked: Asked) -> Reply | None:
        """Return what stands in the way of a request: its key, a limit."""
        if asked.path == "/oauth2/token/":
            return None
        from sources.http import basic

        told = asked.headers.get("authorization", "")
        taken = {basic(key, "").value for key in self.keys} | {f"Bearer {token}" for token in self.tokens}
        if told not in taken:
            return Reply({"error": "The server could not verify that you are authorized."}, status=401)
        if self.limit.is_over(self.clock.monotonic()):
            return limited("limit=20, remaining=0, reset=1")
        return None

    @route("POST", "/api/v1/data/search/")
    def search(self, asked: Asked) -> Any:
        """Leads or contacts; only their ids unless fields are asked for."""
        body = asked.json
        kind, *conditions = body["query"]["queries"]
        kind = kind["object_type"]
        if body["_limit"] > 200:
            return refused("_limit: must be at most 200")
        try:
            filters = [self._filter(each) for each in conditions]
        except ValueError as error:
            return refused(str(error))
        found = [each for each in self._held(kind) if all(admits(each) for admits in filters)]
        for sort in body.get("sort", []) if self.sorts else []:
            name = sort["field"]["field_name"]
            found.sort(key=lambda each: str(each[name]), reverse=sort["direction"] == "desc")
        return self._page(found, body, kind)

    @route("GET", "/api/v1/custom_field/lead/")
    def fields(self, asked: Asked) -> Any:
        """The custom fields of leads."""
        skip, limit = int(asked.query["_skip"]), int(asked.query["_limit"])
        found = self.custom_fields[skip : skip + limit]
        return {"data": [{"id": each} for each in found], "has_more": len(self.custom_fields) > skip + limit}

    @route("POST", "/oauth2/token/")
    def token(self, asked: Asked) -> Any:
        """The refresh grant."""
        form = asked.form
        if (form.get("client_id"), form.get("client_secret")) != CLIENT:
            return Reply({"error": "invalid_client"}, status=401)
        if form.get("refresh_token") != self.refresh_token:
            return Reply({"error": "invalid_grant"}, status=400)
        token = next(self.granted)
        self.tokens.add(token)
        return {"access_token": token, "token_type": "Bearer", "expires_in": 3600}

    def _held(self, kind: str) -> Iterable[dict[str, Any]]:
        return self.leads.values() if kind == "lead" else self.contacts.values()

    def _filter(self, said: dict[str, Any]) -> Callable[[dict[str, Any]], bool]:
        """Return what a condition of a search admits."""
        if said["type"] == "or":
            ids = {each["value"] for each in said["queries"]}
            return lambda held: held["id"] in ids
        low, high = said["condition"]["on_or_after"], said["condition"]["before"]
        since = self._moment(**low) if low else ""
        until = self._moment(**high) if high else "9"
        name = said["field"]["field_name"]
        return lambda held: since <= held[name] < until

    def _moment(self, *, type: str, value: str, which: str) -> str:  # noqa: A002 as Close calls it
        """Return when a day begins or ends; anything finer than a day is refused."""
        if type != "fixed_local_date":
            raise ValueError("the type of a moment is not known")
        day = datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 a day has no zone
        begins = datetime.combine(day, time(), timezone(timedelta(hours=self.zone)))
        return written((begins + timedelta(days=which == "end")).astimezone(UTC))

    def _whole(self, held: dict[str, Any], kind: str) -> dict[str, Any]:
        """Return a lead with its people."""
        people = [each for each in self.contacts.values() if each["lead_id"] == held["id"]]
        return {**held, "contacts": people} if kind == "lead" else held

    def _page(self, found: list[dict[str, Any]], body: dict[str, Any], kind: str) -> Reply:
        start, total = 0 if self.loops else int(body["cursor"] or 0), len(found)
        end = start + body["_limit"]
        names = body["_fields"].get(kind, ["id"])
        page = found[: self.cap][start:end]
        shown = [_shown(self._whole(each, kind), names, kind) for each in page]
        more = self.loops or min(total, self.cap) > end
        said: dict[str, Any] = {"data": shown, "cursor": str(end) if more else None}
        if body.get("include_counts"):
            said["count"] = {"limited": min(total, self.cap), "total": total}
        reply = Reply(said, body=json.dumps(said).encode())
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return reply


def written(at: datetime) -> str:
    """Return a time as Close writes it: six digits, of which three mean something."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}000+00:00"


def limited(header: str | None) -> Reply:
    """Return the refusal of one request too many; without the header, with the body of earlier days."""
    error = {"rate_reset": 3.5, "message": "API call count exceeded for this window"}
    said = {"error": error if header is None else "API call count exceeded for this window"}
    return Reply(said, status=429, headers={"RateLimit": header} if header else {})


def refused(message: str) -> Reply:
    """Return the refusal of a request that makes no sense."""
    return Reply({"error": message, "errors": [message], "field-errors": {}}, status=400)


def _shown(held: dict[str, Any], names: list[str], kind: str) -> dict[str, Any]:
    wanted = {name: value for name, value in held.items() if name in names}
    custom = {name: value for name, value in held.items() if name.startswith("custom.") and "custom" in names}
    return {"__object_type": kind, **wanted, **custom}
