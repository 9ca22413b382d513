"""Jobber's GraphQL API as its documents and others' clients have it: one account, points, rotating tokens."""

from __future__ import annotations

import base64
import itertools
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from tests.doubles import jobber_queries
from tests.doubles.base import Asked, Double, Limit, Reply, route

if TYPE_CHECKING:
    from datetime import datetime

    from sources.http import Clock

CLIENT, SECRET = "jobber-app-made-up", "jobber-secret-made-up"
VERSIONS = ("2024-12-05", "2025-01-20", "2025-04-16")
_HOUR = timedelta(hours=1)
_numbers = itertools.count(1)


class Account(Double):
    """An account in Jobber."""

    vendor: ClassVar[str] = "jobber"

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock)
        #: By id; each has `at`, the time of its change as exact as Jobber keeps it.
        self.held: dict[str, dict[str, dict[str, Any]]] = {"Client": {}, "Request": {}}
        #: The types that the app has no scope for.
        self.hidden: set[str] = set()
        self.refresh_token = f"jobber-refresh-made-up-{next(_numbers)}"
        #: The access tokens that are good, with when they end.
        self.tokens: dict[str, datetime] = {}
        #: Whether a token that is not good gets a 401, or a 200 that says UNAUTHENTICATED.
        self.tells_401 = False
        self.maximum, self.restored = 10_000.0, 500.0
        self.points, self._counted_at = self.maximum, self.clock.monotonic()
        self.requests = Limit(2_500, 300.0)
        #: How many queries there were no points for.
        self.throttled = 0
        #: What stands under `versioning` in answers, beside the version.
        self.warning: str | None = None
        #: Whether it gives the first page again and again.
        self.loops = False
        #: Called before each query that asks for records, one after another.
        self.meanwhile: list[Any] = []

    def put(self, number: int | str, changed: datetime, kind: str = "Client", **said: Any) -> None:
        """Write a client or a request as of this time."""
        key = str(number)
        before = self.held[kind].get(key) or _NEW[kind]
        time = changed.strftime("%Y-%m-%dT%H:%M:%SZ")
        uri = {"jobberWebUri": f"https://secure.example.com/{kind}/{key}"}
        self.held[kind][key] = {
            "createdAt": time,
            **uri,
            **before,
            **said,
            "id": key,
            "updatedAt": time,
            "at": changed,
        }

    def refusal(self, asked: Asked) -> Reply | None:
        """Return what stands in the way of a query: too many of them, its version, its token."""
        if asked.path == "/api/oauth/token":
            return None
        if self.requests.is_over(self.clock.monotonic()):
            return Reply(body=b"Too Many Requests\n", status=429)
        if asked.headers.get("x-jobber-graphql-version", "") not in {*VERSIONS, "2022-04-29"}:
            return Reply({"message": "GraphQL API version 'x' does not exist"}, status=404)
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if self.tokens.get(token, self.clock.now()) > self.clock.now():
            return None
        if self.tells_401:
            return Reply({"message": "Token not recognized"}, status=401)
        return Reply(failed("The field was hidden because you are unauthenticated", "UNAUTHENTICATED"))

    @route("POST", "/api/graphql")
    def graphql(self, asked: Asked) -> Any:
        """Answer a query, if there are points for it. What it did not take is given back."""
        query = jobber_queries.read(asked.json)
        if query.errors:
            return {"errors": query.errors}
        if query.cost > self._left():
            self.throttled += 1
            throttled = failed("Throttled", "THROTTLED")
            del throttled["data"]
            return {**throttled, "extensions": self._extensions(asked, query.cost, 0)}
        root = {"account": {"id": "1", "name": "Ada's Lawns"}}
        root |= {name: self._single(kind) for name, kind in _SINGLE.items()}
        root |= {f"{name}s": self._listing(kind) for name, kind in _SINGLE.items()}
        if self.meanwhile and "nodes" in asked.json["query"]:
            self.meanwhile.pop(0)()
        said = jobber_queries.answered(query, root)
        actual = min(query.cost, jobber_queries.values_in(said))
        self.points -= actual
        return {**said, "extensions": self._extensions(asked, query.cost, actual)}

    @route("POST", "/api/oauth/token")
    def token(self, asked: Asked) -> Any:
        """An access token for an hour, as only it says itself. A refresh token is good for one use."""
        form = asked.form
        if (form["client_id"], form["client_secret"]) != (CLIENT, SECRET):
            return Reply({"error": "invalid_client"}, status=401)
        if form.get("refresh_token") != self.refresh_token:
            return Reply({"error": "invalid_grant"}, status=401)
        self.refresh_token = f"jobber-refresh-made-up-{next(_numbers)}"
        access = self.minted()
        return {"access_token": access, "refresh_token": self.refresh_token}

    def minted(self) -> str:
        """Return a new access token."""
        now = self.clock.now()
        said = json.dumps({"iat": now.timestamp(), "exp": (now + _HOUR).timestamp(), "jti": next(_numbers)})
        part = base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")
        token = f"eyJ0.{part}.made-up"
        self.tokens[token] = now + _HOUR
        return token

    def _left(self) -> float:
        now = self.clock.monotonic()
        back = (now - self._counted_at) * self.restored
        self.points, self._counted_at = min(self.maximum, self.points + back), now
        return self.points

    def _extensions(self, asked: Asked, requested: int, actual: int) -> dict[str, Any]:
        version = asked.headers["x-jobber-graphql-version"]
        told = {"version": version if version in VERSIONS else VERSIONS[0]}
        told |= {"warning": self.warning} if self.warning else {}
        status = {
            "maximumAvailable": self.maximum,
            "currentlyAvailable": self.points,
            "restoreRate": self.restored,
        }
        cost = {"requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus": status}
        return {"cost": cost, "versioning": told}

    def _single(self, kind: str) -> Any:
        def one(_info: Any, id: str) -> Any:  # noqa: A002 as the argument of the query is called
            self._let_in(kind)
            return self.held[kind].get(id)

        return one

    def _listing(self, kind: str) -> Any:
        def page(_info: Any, first: int = 100, after: str | None = None, **said: Any) -> Any:
            self._let_in(kind)
            wanted = said.get("filter") or {}
            items = [each for each in self.held[kind].values() if _matches(each, wanted)]
            items.sort(key=lambda each: each["id"], reverse=True)  # an order that is nobody's
            start = None if self.loops else after
            return jobber_queries.connection(items, first, start, is_whole=lambda: not self.loops)

        return page

    def _let_in(self, kind: str) -> None:
        if kind in self.hidden:
            raise jobber_queries.hidden(kind)


def failed(message: str, code: str, data: Any = None) -> dict[str, Any]:
    """Return an answer with an error in it, which says 200 all the same."""
    return {"data": data, "errors": [{"message": message, "path": ["found"], "extensions": {"code": code}}]}


def _matches(item: dict[str, Any], wanted: dict[str, Any]) -> bool:
    plain = {name: value for name, value in wanted.items() if name != "updatedAt"}
    return jobber_queries.is_in(item["at"], wanted.get("updatedAt") or {}) and all(
        item[name] == value for name, value in plain.items()
    )


_SINGLE = {"client": "Client", "request": "Request"}
_NOBODY: dict[str, Any] = {"nodes": []}
_NEW: dict[str, dict[str, Any]] = {
    "Client": {
        "name": "", "firstName": "", "lastName": "", "isLead": True, "isCompany": False, "isArchived": False,
        "balance": 0.0, "emails": [], "phones": [], "customFields": [], "tags": _NOBODY,
        "clientProperties": _NOBODY, "contacts": _NOBODY,
    },
    "Request": {"requestStatus": "new", "source": "client_hub"},
}  # fmt: skip
_NEW["Request"]["client"] = {**_NEW["Client"], "id": "1", "name": "Ada"}
