"""From Pipedrive's objects to records: custom fields beside the others, empty phones and e-mails left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from sources._crm.items import records_of
from sources._pipedrive.names import ASKED, CUSTOM
from sources._rest.changed import read_changed
from sources.base import Record
from sources.errors import BadRecord
from sources.keys import canonical_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Pipedrive takes no more names of custom fields than this; it gives all of them to those who name none.
_MOST_NAMED: Final = 15
_CUSTOM_NAME = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What to ask for of persons."""

    #: Custom fields, separated by commas; None: all of them.
    custom: str | None = None
    #: What comes only when it is asked for.
    further: str | None = None

    @classmethod
    def to(cls, reads: frozenset[str] | None) -> Narrowed:
        """Return what a mapping that reads these fields of persons needs."""
        if reads is None:
            return cls()
        custom = sorted(name for name in reads if _CUSTOM_NAME.fullmatch(name))
        fits = CUSTOM not in reads and 0 < len(custom) <= _MOST_NAMED
        further = sorted(reads & set(ASKED))
        return cls(",".join(custom) if fits else None, ",".join(further) or None)


def page_of(items: Sequence[Any]) -> tuple[list[Record], list[BadRecord]]:
    """Return the records of a page, and what could not be made one."""
    return records_of(items, record_of)


def record_of(item: Any, where: str) -> Record:
    """Return a lead or a person as a record.

    Raises:
        BadRecord: when it is no object, or has no id.

    """
    if not isinstance(item, dict):
        raise BadRecord("it is no object", where)
    key = canonical_key(item.get("id"))
    if key is None:
        raise BadRecord("it has no id", where, item)
    at = item.get("update_time") or item.get("add_time")
    return Record(key, flat(item), read_changed(at, "auto", UTC), f"id {key}")


def flat(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object with its custom fields beside the others, as leads have them."""
    custom = item.get(CUSTOM)
    fields = {**(custom if isinstance(custom, dict) else {}), **item}
    for name in ("phones", "emails"):
        if isinstance(fields.get(name), list):
            fields[name] = _filled(fields[name])
    return fields


def _filled(entries: Sequence[Any]) -> list[Any]:
    """Return the entries that hold something, the primary one first."""
    there = [each for each in entries if isinstance(each, dict) and str(each.get("value") or "").strip()]
    return sorted(there, key=lambda each: not each.get("primary"))
