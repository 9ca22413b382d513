"""HubSpot's CRM API v3 as its specification and recorded answers have it, with what makes it hard."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from tests.doubles import hubspot_answers as say
from tests.doubles.base import Asked, Double, Limit, Reply, route
from tests.doubles.hubspot_search import results

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sources.http import Clock

TOKEN = "pat-na1-made-up-for-tests"
#: What HubSpot gives of an object when nobody asks for properties.
DEFAULTS = {"contacts": ("firstname", "lastname", "email"), "leads": ("hs_lead_name",)}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KIND = r"/crm/v3/objects/([A-Za-z0-9_-]+)"


@dataclass(eq=False)
class Held:
    """One object as the database has it, and as the search index does."""

    id: str
    kind: str
    properties: dict[str, str | None]
    changed: datetime
    archived: bool = False
    #: Earlier states with the moment at which the index gave each of them up.
    indexed: list[tuple[datetime, Held]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.number = int(self.id)
        self.modified = "lastmodifieddate" if self.kind == "contacts" else "hs_lastmodifieddate"
        self.milliseconds = (self.changed - _EPOCH) // timedelta(milliseconds=1)


class HubspotDouble(Double):
    """An account of HubSpot."""

    vendor: ClassVar[str] = "hubspot"
    specifications: ClassVar[tuple[str, ...]] = ("hubspot-crm-v3-contacts.json", "hubspot-crm-v3-leads.json")
    #: The specification has sorts as texts, which the real API ignores; its clients send objects.
    tolerated: ClassVar[tuple[str, ...]] = (r"/search: \$\.sorts\[0\]$",)

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self.held: dict[str, dict[str, Held]] = {}
        self._sorted: dict[str, list[Held]] = {}
        #: Those that the search index had otherwise at some time.
        self._lagging: dict[str, set[str]] = {}
        self.links: dict[tuple[str, str], dict[str, list[str]]] = {}
        self.properties: dict[str, set[str]] = {}
        self.tokens = {TOKEN}
        self.scopes = {"oauth", "crm.objects.contacts.read", "crm.objects.leads.read"}
        #: The limits of the account; searches do not count among the others.
        self.limits = {
            "TEN_SECONDLY_ROLLING": Limit(110, 10.0),
            "DAILY": Limit(500_000, 86_400.0),
        }
        self.search_limit = Limit(5, 1.0)
        #: How long the search index takes to see a change.
        self.lag = timedelta(0)
        #: Whether sorts by id hold.
        self.sorts = True
        #: Whether every page is the first one, and says that there are more.
        self.loops = False
        #: Granted by the token endpoint, in this order.
        self.granted = (f"oauth-access-{number}" for number in itertools.count(1))
        self.refresh_token = "oauth-refresh-made-up"

    def put(self, number: int, changed: datetime, kind: str = "contacts", **properties: str | None) -> None:
        """Write an object as of this time."""
        objects = self.held.setdefault(kind, {})
        before = objects.get(str(number))
        new = Held(str(number), kind, {**(before.properties if before else {}), **properties}, changed)
        gone = self.clock.now() + self.lag
        if before is not None and self.lag:
            new.indexed = [*before.indexed, (gone, before)]
        elif self.lag:
            new.indexed = [(gone, Held(new.id, kind, {}, changed, archived=True))]
        known = self.properties.setdefault(kind, {"hs_object_id", "createdate", new.modified})
        known |= {*DEFAULTS.get(kind, ()), *properties}
        if new.indexed:
            self._lagging.setdefault(kind, set()).add(new.id)
        objects[new.id] = new
        self._sorted.pop(kind, None)

    def archive(self, number: int, at: datetime, kind: str = "contacts") -> None:
        """Delete an object; it can be restored for 90 days."""
        held = self.held[kind][str(number)]
        self.held[kind][held.id] = replace(held, archived=True, changed=at)
        self._sorted.pop(kind, None)

    def link(self, one: tuple[str, int], *others: tuple[str, int]) -> None:
        """Associate an object with others."""
        for kind, number in others:
            self.links.setdefault((one[0], kind), {}).setdefault(str(one[1]), []).append(str(number))

    def refusal(self, asked: Asked) -> Reply | None:
        """Return what stands in the way of a request: its token, a limit, a scope."""
        if asked.path == "/oauth/v1/token":
            return None
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if " " in token:
            return say.error(530, "BAD_TOKEN", "The token could not be decoded")
        if token not in self.tokens:
            return say.error(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")
        return self._over_a_limit(asked) or self._out_of_scope(asked)

    def _over_a_limit(self, asked: Asked) -> Reply | None:
        now = self.clock.monotonic()
        if asked.path.endswith("/search"):
            return say.limited("SECONDLY") if self.search_limit.is_over(now) else None
        over = [policy for policy, limit in self.limits.items() if limit.is_over(now)]
        return say.limited(over[0]) if over else None

    def _out_of_scope(self, asked: Asked) -> Reply | None:
        for kind in asked.path.split("/"):
            scope = f"crm.objects.{kind}.read"
            if kind in DEFAULTS and scope not in self.scopes:
                return say.missing_scope(scope)
        return None

    @route("GET", _KIND)
    def listed(self, asked: Asked, kind: str) -> Any:
        """The list: by id, a hundred at most, with the default properties unless others are asked for."""
        limit = int(asked.query.get("limit", "10"))
        if limit > 100:
            return say.invalid("limit must not be larger than 100")
        if len(asked.target) > 16_000:
            return Reply(body=b"<html>Request-URI Too Large</html>", status=414)
        archived, after = asked.query.get("archived") == "true", int(asked.query.get("after", "0"))
        after = 0 if self.loops else after
        there = [each for each in self._objects(kind) if each.archived == archived and each.number > after]
        names = [name for name in asked.query.get("properties", "").split(",") if name]
        more = there[:limit][-1].id if len(there) > limit or (there and self.loops) else None
        return say.page([self._shown(each, names) for each in there[:limit]], more)

    @route("POST", f"{_KIND}/search")
    def search(self, asked: Asked, kind: str) -> Any:
        """The search, over the index."""
        if kind not in self.held and kind not in DEFAULTS:
            return say.invalid(f"Unable to infer object type from: {kind}")
        body = asked.json
        if self.loops:
            for group in body["filterGroups"]:
                group["filters"] = [each for each in group["filters"] if each["operator"] != "GT"]
        reply = results(self._index(kind), body, sorts=self.sorts)
        if isinstance(reply, Reply):
            return reply
        found, total, after = reply
        after = str(len(found)) if self.loops else after
        data = say.page([self._shown(each, body["properties"]) for each in found], after)
        headers = {"x-hubspot-rate-limit-exemptions": "ten-secondly"}
        return Reply({"total": total, **data}, headers=headers)

    @route("POST", f"{_KIND}/batch/read")
    def batch(self, asked: Asked, kind: str) -> Any:
        """Objects by id; those that are not there are errors beside the others."""
        ids = [each["id"] for each in asked.json["inputs"]]
        if len(ids) > 100:
            return say.invalid("The maximum number of inputs is 100")
        archived = asked.query.get("archived") == "true"
        there = self.held.get(kind, {})
        found = [there[each] for each in ids if each in there and there[each].archived == archived]
        shown = [self._shown(each, asked.json["properties"]) for each in found]
        return say.batch(shown, [each for each in ids if each not in there])

    @route("POST", r"/crm/v4/associations/([\w-]+)/([\w-]+)/batch/read")
    def associations(self, asked: Asked, kind: str, other: str) -> Any:
        """Which objects of another type belong to each one; those without are errors."""
        links = self.links.get((kind, other), {})
        ids = [each["id"] for each in asked.json["inputs"]]
        types = [{"category": "HUBSPOT_DEFINED", "typeId": 578, "label": None}]
        shown = [
            {
                "from": {"id": each},
                "to": [{"toObjectId": int(to), "associationTypes": types} for to in links[each]],
            }
            for each in ids
            if each in links
        ]
        return say.batch(shown, [each for each in ids if each not in links])

    @route("GET", r"/crm/v3/properties/([\w-]+)")
    def names(self, asked: Asked, kind: str) -> Any:
        """The properties of a type."""
        return {
            "results": [{"name": name, "type": "string"} for name in sorted(self.properties.get(kind, ()))]
        }

    @route("POST", "/oauth/v2/private-apps/get/access-token-info")
    def told(self, asked: Asked) -> Any:
        """What a private app's token was granted."""
        assert asked.json == {"tokenKey": TOKEN}
        return {"userId": 1, "hubId": 2, "appId": 3, "scopes": sorted(self.scopes)}

    @route("POST", "/oauth/v1/token")
    def token(self, asked: Asked) -> Any:
        """An access token for half an hour; the refresh token stays the same."""
        if asked.form.get("refresh_token") != self.refresh_token:
            return Reply({"status": "BAD_REFRESH_TOKEN", "message": "missing or invalid refresh token"}, 400)
        access = next(self.granted)
        self.tokens = {TOKEN, access}
        return {
            "token_type": "bearer",
            "access_token": access,
            "refresh_token": self.refresh_token,
            "expires_in": 1800,
        }

    def _objects(self, kind: str) -> Sequence[Held]:
        if kind not in self._sorted:
            self._sorted[kind] = sorted(self.held.get(kind, {}).values(), key=lambda each: each.number)
        return self._sorted[kind]

    def _index(self, kind: str) -> Sequence[Held]:
        """Return the objects as the search index has them: some are not there yet, or as they were."""
        there, now = self._objects(kind), self.clock.now()
        late = self._lagging.get(kind, set())
        seen = [_as_indexed(each, now) for each in there] if late else there
        return [each for each in seen if not each.archived]

    def _shown(self, held: Held, names: Iterable[str]) -> dict[str, Any]:
        """Return an object as answers have it: what was asked for is null when it is empty."""
        at = say.time(held.changed)
        own = {"hs_object_id": held.id, "createdate": at, held.modified: at}
        asked = [*(names or DEFAULTS.get(held.kind, ())), "hs_object_id", "createdate", held.modified]
        known = self.properties[held.kind]
        properties = {name: own.get(name, held.properties.get(name)) for name in asked if name in known}
        archived = {"archivedAt": at} if held.archived else {}
        shown = {"id": held.id, "properties": properties, "createdAt": at, "updatedAt": at}
        return {**shown, "archived": held.archived, **archived}


def _as_indexed(held: Held, now: datetime) -> Held:
    return next((earlier for until, earlier in held.indexed if now < until), held)
