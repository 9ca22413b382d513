"""From an answer to records: the list, each one's key and change time, and what is wrong with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sources._rest.changed import read_changed, shape
from sources._rest.paths import MISSING, find, names_in
from sources.base import Record
from sources.errors import BadConfig, BadRecord, Denied, RateLimited, SourceError, Unavailable
from sources.http import error_codes
from sources.keys import canonical_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from sources._rest.settings import RestSettings
    from sources.http import Answer

_LIMIT_CODE = re.compile(r"throttl|rate.?limit|too.?many|quota", re.IGNORECASE)
_DENIED_CODE = re.compile(r"unauth|forbidden|denied|invalid.?(?:token|key|session)", re.IGNORECASE)


def items_of(answer: Answer, path: str | None) -> list[Any]:
    """Return the list of items in an answer; no body and null are empty lists.

    Raises:
        BadConfig: when there is no list at the path; says what is there.

    """
    if answer.data is None:
        return []
    found = find(answer.data, path) if path else answer.data
    if found is None:
        return []
    if isinstance(found, list):
        return found
    if found is MISSING:
        text = f"there is nothing at `{path}`; the answer has: {names_in(answer.data)}"
    elif path:
        text = f"at `{path}` there is no list but {_thing(found)}"
    else:
        text = f"the answer is no list but {_thing(found)}; name the list with `records`"
    raise BadConfig(f"{answer.where}: {text}", "records")


def _thing(value: Any) -> str:
    return f"an object with: {names_in(value)}" if isinstance(value, dict) else names_in(value)


def failure_in(answer: Answer, path: str) -> SourceError | None:
    """Return the error that a good status hides; None when there is nothing at the path.

    Only codes are repeated of it (THROTTLED, UNAUTHENTICATED): its text may name people.
    """
    found = find(answer.data, path)
    if found is MISSING or not found:
        return None
    codes = error_codes({"errors": found} if isinstance(found, (str, int)) else found)
    told = f" ({', '.join(codes)})" if codes else ""
    message = f"{answer.where} answered {answer.status} with an error at `{path}`{told}: {shape(found)}"
    if any(map(_LIMIT_CODE.search, codes)):
        return RateLimited(message)
    return Denied(message) if any(map(_DENIED_CODE.search, codes)) else Unavailable(message)


class Extractor:
    """Makes records of items.

    Args:
        settings: where key and change time are.
        zone: of change times that carry none.

    """

    def __init__(self, settings: RestSettings, zone: tzinfo) -> None:
        self._paths = [settings.key] if isinstance(settings.key, str) else settings.key
        self._changed = settings.changed
        self._format = settings.changed_format
        self._zone = zone

    def page(self, items: Sequence[Any], number: int) -> tuple[list[Record], list[BadRecord], list[str]]:
        """Return the records of a page, what could not be made one, and what to tell about them."""
        records: list[Record] = []
        bad: list[BadRecord] = []
        unreadable: list[str] = []
        for index, item in enumerate(items, 1):
            try:
                record = self.record(item, f"page {number}, item {index}")
            except BadRecord as error:
                bad.append(error)
                continue
            records.append(record)
            if self._changed and record.changed is None:
                found = find(item, self._changed)
                unreadable.append("missing" if found is MISSING else shape(found))
        return records, bad, self._notes(unreadable, len(items))

    def record(self, item: Any, where: str) -> Record:
        """Return one item as a record.

        Raises:
            BadRecord: when it is no object or has no key.

        """
        if not isinstance(item, dict):
            raise BadRecord(f"it is no object but {names_in(item)}", where, {"value": item})
        changed = read_changed(find(item, self._changed), self._format, self._zone) if self._changed else None
        return Record(self._key(item, where), item, changed, where)

    def _key(self, item: dict[str, Any], where: str) -> str:
        values = [find(item, path) for path in self._paths]
        for path, value in zip(self._paths, values, strict=True):
            if value is MISSING or isinstance(value, (dict, list)):
                there = "is not there" if value is MISSING else f"is no text or number ({shape(value)})"
                raise BadRecord(f"its key, `{path}`, {there}", where, item)
        try:
            key = canonical_key(values[0] if len(values) == 1 else values)
        except (ValueError, OverflowError):
            key = None
        if key is None:
            raise BadRecord(f"its key (`{', '.join(self._paths)}`) is empty", where, item)
        return key

    def _notes(self, unreadable: list[str], total: int) -> list[str]:
        if not unreadable:
            return []
        shapes = ", ".join(sorted(set(unreadable))[:3])
        return [f"{len(unreadable)} of {total} records have no readable time at `{self._changed}` ({shapes})"]
