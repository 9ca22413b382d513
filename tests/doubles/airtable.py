"""Airtable's web API as its reference and client libraries have it: lists by formula, schema, two limits."""

from __future__ import annotations

import base64
import itertools
import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote

from tests.doubles.base import Asked, Double, Limit, Reply, route

if TYPE_CHECKING:
    from collections.abc import Callable

    from sources.http import Clock

TOKEN = "patMadeUp.0123456789abcdef"
BASE = "appMadeUp01234567"
STAMP = "Last modified"
CLIENT, SECRET = "integration-made-up", "integration-s3cret"
BASIC = f"Basic {base64.b64encode(f'{CLIENT}:{SECRET}'.encode()).decode()}"
TOKENS = "/oauth2/v1/token"
_SINCE = re.compile(r"OR\(IS_AFTER\(\{((?:[^\\}]|\\.)+)\},'(.+?)'\),IS_AFTER\(CREATED_TIME\(\),'(.+?)'\)\)")
_EQUALS = re.compile(r"\{(.+?)\} = '(.*?)'")
_IDS = re.compile(r"RECORD_ID\(\)='(\w+)'")
_PENALTY = 30.0


class AirtableDouble(Double):
    """A base with one table."""

    vendor: ClassVar[str] = "airtable"

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self.records: dict[str, dict[str, Any]] = {}
        self.stamps: dict[str, str] = {}
        self.types = {"name": "singleLineText", "Phone": "phoneNumber", "Status": "singleSelect"}
        self.stamp = STAMP
        self.scopes = {"data.records:read", "schema.bases:read"}
        #: Access tokens that are good now: the personal one, and that of an integration's last renewal.
        self.tokens = {TOKEN}
        self.refresh_token = "refresh-made-up-0"
        self.rate = Limit(5, 1.0)
        self._until = 0.0
        #: Lists that were begun: ids in the order that they had then.
        self._lists: dict[str, list[str]] = {}
        self._numbers = itertools.count(1)
        #: What happens after each of the next pages, one after another.
        self.meanwhile: list[Callable[[], None]] = []
        self.loops = False

    def put(self, key: str, changed: datetime | None, **fields: Any) -> None:
        """Write a record as of this time; None: as one that was made, and not changed by anybody since."""
        stamp = _iso(changed or self.clock.now())
        before = self.records.get(key, {"createdTime": stamp, "fields": {}})
        self.records[key] = {**before, "id": key, "fields": {**before["fields"], **fields}}
        if changed is not None:
            self.stamps[key] = stamp

    def work_out(self, key: str, **fields: Any) -> None:
        """Give formulas and lookups of a record another result, which does not count as a change of it."""
        self.records[key] = {**self.records[key], "fields": {**self.records[key]["fields"], **fields}}

    def forget(self) -> None:
        """Let no list go on that was begun."""
        self._lists.clear()

    def refusal(self, asked: Asked) -> Reply | None:
        """Refuse whoever has no token, and everybody for 30 seconds after one request too many."""
        now = self.clock.monotonic()
        if now < self._until or self.rate.is_over(now):
            self._until = max(self._until, now + _PENALTY)
            return limited()
        if asked.path == TOKENS:
            return None
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return failed(401, "AUTHENTICATION_REQUIRED", "Authentication required")
        return None

    @route("POST", TOKENS)
    def renewed(self, asked: Asked) -> Any:
        """A refresh token is good once, and with it ends the access token that came before."""
        if asked.headers.get("authorization") != BASIC:
            return Reply({"error": "invalid_client"}, status=401)
        if asked.form["refresh_token"] != self.refresh_token:
            return Reply({"error": "invalid_grant", "error_description": "Invalid token."}, status=400)
        number = next(self._numbers)
        self.refresh_token, access = f"refresh-made-up-{number}", f"access-made-up-{number}"
        self.tokens = {TOKEN, access}
        return {
            "access_token": access,
            "refresh_token": self.refresh_token,
            "token_type": "Bearer",
            "scope": " ".join(sorted(self.scopes)),
            "expires_in": 3600,
            "refresh_expires_in": 5_184_000,
        }

    @route("GET", f"/v0/meta/bases/{BASE}/tables")
    def schema(self, asked: Asked) -> Any:
        del asked
        if "schema.bases:read" not in self.scopes:
            return not_found()
        types = {**self.types, self.stamp: "lastModifiedTime"}
        fields = [
            {"id": f"fld{n}", "name": name, "type": kind} for n, (name, kind) in enumerate(types.items())
        ]
        return {"tables": [{"id": "tblMadeUp", "name": "Leads & co", "fields": fields}]}

    @route("POST", f"/v0/{BASE}/(.+)/listRecords")
    def listed(self, asked: Asked, table: str) -> Any:
        said = asked.json
        if unquote(table) not in ("tblMadeUp", "Leads & co"):
            return not_found()
        assert 1 <= said["pageSize"] <= 100
        unknown = sorted(set(said.get("fields", [])) - {*self.types, self.stamp})
        if unknown:
            return failed(422, "UNKNOWN_FIELD_NAME", f'Unknown field name: "{unknown[0]}"')
        formula = said.get("filterByFormula", "")
        named = [found[1] for found in _SINCE.finditer(formula)]
        if any(re.sub(r"\\(.)", r"\1", name) != self.stamp for name in named):
            text = "The formula for filtering records is invalid: Unknown field names: last"
            return failed(422, "INVALID_FILTER_BY_FORMULA", text)
        return self._page(said, formula)

    def _page(self, said: dict[str, Any], formula: str) -> Reply:
        handle, _, start = said.get("offset", "").rpartition("/")
        if self.loops or not handle:
            handle, start = f"itr{next(self._numbers)}" if not self.loops else "itr0", "0"
            self._lists[handle] = [key for key in self.records if self._fits(key, formula)]
        if handle not in self._lists:
            return failed(422, "LIST_RECORDS_ITERATOR_NOT_AVAILABLE", "The requested iterator is gone")
        first, last = int(start), int(start) + said["pageSize"]
        keys = self._lists[handle][first:last]
        items = [self._shown(key, said.get("fields")) for key in keys if key in self.records]
        more = last < len(self._lists[handle]) or self.loops
        reply = Reply({"records": items, **({"offset": f"{handle}/{last}"} if more else {})})
        reply.body = json.dumps(reply.data).encode()  # as it is now
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return reply

    def _shown(self, key: str, names: list[str] | None) -> dict[str, Any]:
        """Return a record without its empty fields; an unticked box is empty too."""
        record = self.records[key]
        stamp = {self.stamp: self.stamps[key]} if key in self.stamps else {}
        fields = {**record["fields"], **stamp}
        shown = {
            name: value
            for name, value in fields.items()
            if value not in (None, "", False, []) and (names is None or name in names)
        }
        return {"id": key, "createdTime": record["createdTime"], "fields": shown}

    def _fits(self, key: str, formula: str) -> bool:
        """Tell whether a record fits a formula of the kinds that are known here."""
        record = self.records[key]
        if ids := _IDS.findall(formula):
            return key in ids
        for name, value in _EQUALS.findall(formula):
            if record["fields"].get(name) != value:
                return False
        for _, one, other in _SINCE.findall(formula):
            stamp = self.stamps.get(key)
            changed = stamp is not None and _second(stamp) > _second(one)
            if not changed and not _second(record["createdTime"]) > _second(other):
                return False
        return True


def failed(status: int, kind: str, message: str) -> Reply:
    """Return an error as most of the API writes it."""
    return Reply({"error": {"type": kind, "message": message}}, status=status)


def not_found() -> Reply:
    """Return what is said of a table that is not there, or not for us: one and the same."""
    text = (
        "Invalid permissions, or the requested model was not found. Check that both your user and your token"
    )
    return failed(403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND", text)


def limited(kind: str = "RATE_LIMIT_REACHED") -> Reply:
    """Return an error as the guard before the API writes it, without any Retry-After."""
    text = "Rate limit exceeded. Please try again later"
    return Reply({"errors": [{"error": kind, "message": text}]}, status=429)


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def _second(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp).replace(microsecond=0)
