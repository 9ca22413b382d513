"""A Salesforce organisation in memory: logins, SOQL over its rows, cursors, describe, limits and errors."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from tests.doubles.base import Asked, Double, FakeClock, Reply, route
from tests.doubles.salesforce_login import Login
from tests.doubles.soql import Kind, Parser, SoqlError, at, run

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FakeClock", "Org", "error", "lead_kind", "user_kind"]

#: URL and headers together, in bytes.
_LONGEST = 16_384
_VERSIONS = r"/services/data/v(\d+\.0)"
_SINCE = 31
_UNTIL = 66


def error(status: int, code: str, message: str) -> Reply:
    """Return an error as the REST API writes it: a list."""
    return Reply([{"message": message, "errorCode": code}], status=status)


def user_kind() -> Kind:
    return Kind("User", {"Id": "id", "Name": "string", "Email": "email", "SystemModstamp": "datetime"})


def lead_kind(**further: str) -> Kind:
    fields = {
        "Id": "id",
        "IsDeleted": "boolean",
        "FirstName": "string",
        "LastName": "string",
        "Name": "string",
        "Company": "string",
        "Email": "email",
        "Phone": "phone",
        "LeadSource": "picklist",
        "Status": "picklist",
        "Description": "textarea",
        "Address": "address",
        "IsConverted": "boolean",
        "OwnerId": "reference",
        "CreatedDate": "datetime",
        "LastModifiedDate": "datetime",
        "SystemModstamp": "datetime",
    }
    return Kind("Lead", {**fields, **further}, {"Owner": ("User", "OwnerId")}, frozenset({"Description"}))


@dataclass
class Cursor:
    """The rows of a query that are still to be read, and what each of them shows."""

    kind: Kind
    ids: list[str]
    fields: list[str]
    resource: str


@dataclass
class Allowance:
    """API calls of 24 hours."""

    most: int = 15_000
    used: int = 0
    refused: int = field(default=0)


class Org(Double):
    """An organisation with its objects.

    Rows are shown as they are when their page is read, as an index of ids that was made before: a row that
    changes meanwhile comes with its new time, out of its order.
    """

    vendor: ClassVar[str] = "salesforce"

    def __init__(self, *kinds: Kind, clock: FakeClock | None = None) -> None:
        super().__init__(clock)
        self.kinds = {kind.name: kind for kind in (*kinds, user_kind())}
        self.login = Login(self)
        self.allowance = Allowance()
        #: Rows a page.
        self.batch = 2_000
        self.cursors: dict[str, Cursor] = {}
        self.queries: list[str] = []
        #: Whether every page of a query is its first one, and says that there are more.
        self.loops = False
        #: Queries over a longer span of time than this are given up.
        self.slow_from: timedelta | None = None

    def put(self, kind: str, *rows: Mapping[str, Any]) -> None:
        """Write rows: new ones, and changes of those that are there by their Id."""
        there = self.kinds[kind]
        for row in rows:
            empty = dict.fromkeys(there.fields)
            empty |= {name: False for name, sort in there.fields.items() if sort == "boolean"}
            there.rows[row["Id"]] = {**empty, **there.rows.get(row["Id"], {}), **row}

    def refusal(self, asked: Asked) -> Reply | None:
        if (
            sum(len(name) + len(value) + 4 for name, value in asked.headers.items()) + len(asked.target)
            > _LONGEST
        ):
            return Reply(body=b"<h1>Bad Message 414</h1><pre>reason: URI Too Long</pre>", status=414)
        if asked.path == "/services/oauth2/token":
            return None
        if not self.login.knows(asked.headers.get("authorization", "")):
            return error(401, "INVALID_SESSION_ID", "Session expired or invalid")
        self.allowance.used += 1
        if self.allowance.used > self.allowance.most:
            self.allowance.refused += 1
            return error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
        version = asked.path.split("/")[3] if asked.path.count("/") > 2 else ""
        if not _SINCE <= float(version.removeprefix("v") or 0) <= _UNTIL:
            return error(404, "NOT_FOUND", "The requested resource does not exist")
        return None

    def unknown(self, asked: Asked) -> Reply:
        return error(404, "NOT_FOUND", "The requested resource does not exist")

    def answer(self, asked: Asked) -> Reply:
        reply = super().answer(asked)
        used = f"api-usage={self.allowance.used}/{self.allowance.most}"
        reply.headers = {**reply.headers, "Sforce-Limit-Info": used}
        return reply

    @route("POST", r"/services/oauth2/token")
    def token(self, asked: Asked) -> Reply:
        return self.login.answer(asked)

    @route("GET", _VERSIONS + r"/(query|queryAll)/?")
    def query(self, asked: Asked, version: str, resource: str) -> Reply:
        return self._query(asked.query.get("q", ""), resource, version)

    @route("GET", _VERSIONS + r"/(?:query|queryAll)/(01g\w+)-(\d+)")
    def more(self, asked: Asked, version: str, locator: str, offset: str) -> Reply:
        cursor = self.cursors.get(locator)
        if cursor is None:
            return error(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        return Reply(self._page(cursor, locator, int(offset), version))

    @route("POST", _VERSIONS + r"/composite")
    def composite(self, asked: Asked, version: str) -> Reply:
        parts = []
        for part in asked.json["compositeRequest"]:
            assert part["method"] == "GET"
            url = urlsplit(part["url"])
            reply = self._query(parse_qs(url.query)["q"][0], url.path.rpartition("/")[2], version)
            parts.append(
                {
                    "body": reply.data,
                    "httpHeaders": {},
                    "httpStatusCode": reply.status,
                    "referenceId": part["referenceId"],
                }
            )
        return Reply({"compositeResponse": parts})

    @route("GET", _VERSIONS + r"/sobjects/?")
    def objects(self, asked: Asked, version: str) -> Any:
        return {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": [{"name": name} for name in self.kinds]}

    @route("GET", _VERSIONS + r"/sobjects/(\w+)/describe/?")
    def describe(self, asked: Asked, version: str, name: str) -> Any:
        kind = self.kinds.get(name)
        if kind is None:
            return self.unknown(asked)
        relations = {column: (parent, target) for parent, (target, column) in kind.parents.items()}
        fields = [
            {
                "name": each,
                "type": sort,
                "filterable": each not in kind.unfilterable,
                "sortable": each not in kind.unfilterable,
                "relationshipName": relations.get(each, (None, ""))[0],
                "referenceTo": [relations[each][1]] if each in relations else [],
            }
            for each, sort in kind.fields.items()
        ]
        return {"name": name, "queryable": True, "fields": fields}

    def _query(self, text: str, resource: str, version: str) -> Reply:
        self.queries.append(text)
        try:
            parsed = Parser(text, self.kinds).parse()
        except SoqlError as refused:
            return error(400, refused.code, refused.message)
        rows = [row for row in self._rows(parsed.kind) if resource == "queryAll" or not row.get("IsDeleted")]
        found = run(parsed, rows)
        if self._takes_too_long(text, found):
            return error(400, "QUERY_TIMEOUT", "Your query request was running for too long.")
        locator = f"01g{len(self.cursors):012}"
        cursor = Cursor(parsed.kind, [row["Id"] for row in found], parsed.fields, resource)
        self.cursors[locator] = cursor
        return Reply(self._page(cursor, locator, 0, version))

    def _takes_too_long(self, text: str, found: list[dict[str, Any]]) -> bool:
        times = [row["SystemModstamp"] for row in found if row.get("SystemModstamp")]
        if self.slow_from is None or "LIMIT" in text or not times:
            return False
        return bool(max(times) - min(times) > self.slow_from)

    def _page(self, cursor: Cursor, locator: str, offset: int, version: str) -> dict[str, Any]:
        offset = 0 if self.loops else offset
        ids = cursor.ids[offset : offset + self.batch]
        rows = {row["Id"]: row for row in self._rows(cursor.kind)}
        shown = [self._shown(rows[each], cursor, version) for each in ids if each in rows]
        page: dict[str, Any] = {"totalSize": len(cursor.ids), "records": shown}
        page["done"] = offset + len(ids) >= len(cursor.ids) and not self.loops
        if not page["done"]:
            following = f"{locator}-{offset + len(ids)}"
            page["nextRecordsUrl"] = f"/services/data/v{version}/{cursor.resource}/{following}"
        return page

    def _rows(self, kind: Kind) -> list[dict[str, Any]]:
        return [
            {
                **row,
                **{
                    parent: self.kinds[target].rows.get(row.get(column) or "")
                    for parent, (target, column) in kind.parents.items()
                },
            }
            for row in kind.rows.values()
        ]

    def _shown(self, row: dict[str, Any], cursor: Cursor, version: str) -> dict[str, Any]:
        shown: dict[str, Any] = {"attributes": _attributes(cursor.kind.name, row["Id"], version)}
        for path in cursor.fields:
            parent, _, name = path.partition(".")
            if not name:
                shown[path] = _written(row.get(path))
            elif row.get(parent) is None:
                shown[parent] = None
            else:
                target = cursor.kind.parents[parent][0]
                attributes = {"attributes": _attributes(target, row[parent]["Id"], version)}
                inner = shown.setdefault(parent, attributes)
                inner[name] = _written(at(row[parent], name))
        return shown


def _attributes(kind: str, key: str, version: str) -> dict[str, str]:
    return {"type": kind, "url": f"/services/data/v{version}/sobjects/{kind}/{key}"}


def _written(value: Any) -> Any:
    """Return a value as it stands in an answer: a time without a colon in its offset."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03}+0000"
    return json.loads(json.dumps(value))
