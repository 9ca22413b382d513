"""From Close's leads to records: its people nested, custom fields together under `custom`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sources._crm.items import records_of
from sources._crm.wanted import wanted, without_ways
from sources._rest.changed import read_changed
from sources.base import Record
from sources.errors import BadRecord
from sources.keys import canonical_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Under this name are all custom fields, by their ids: ``custom.cf_…``.
CUSTOM: Final = "custom"
#: What a lead has, custom fields apart.
LEAD: Final = [
    "id",
    "name",
    "display_name",
    "description",
    "url",
    "html_url",
    "status_id",
    "status_label",
    "addresses",
    "contacts",
    "opportunities",
    "tasks",
    "integration_links",
    "organization_id",
    "created_by",
    "created_by_name",
    "updated_by",
    "updated_by_name",
    "date_created",
    "date_updated",
]
_ALWAYS: Final = ("id", "date_updated", "date_created")
#: What a search adds to say which kind it has found.
_KIND: Final = "__object_type"
_PREFIX: Final = f"{CUSTOM}."


def asked(reads: frozenset[str] | None) -> list[str]:
    """Return the names of the fields to ask for; a search gives only ids to those who name none."""
    custom = (name for name in reads or () if name.startswith(_PREFIX))
    return wanted(without_ways(reads), always=[*_ALWAYS, *custom]) or [*LEAD, CUSTOM]


def page_of(items: Sequence[Any]) -> tuple[list[Record], list[BadRecord]]:
    """Return the records of a page, and what could not be made one."""
    return records_of(items, _record)


def with_people(record: Record) -> Record:
    """Return a lead with the time of its newest change, be it one of its people."""
    contacts = record.fields.get("contacts")
    people = contacts if isinstance(contacts, list) else []
    times = [each.get("date_updated") for each in people if isinstance(each, dict)]
    found = [at for at in (record.changed, *map(time_of, times)) if isinstance(at, datetime)]
    return Record(record.key, record.fields, max(found, default=None), record.where)


def time_of(value: Any) -> datetime | None:
    """Return a time as Close writes it."""
    return read_changed(value, "auto", UTC)


def _record(item: Any, where: str) -> Record:
    if not isinstance(item, dict):
        raise BadRecord("it is no object", where)
    key = canonical_key(item.get("id"))
    if key is None:
        raise BadRecord("it has no id", where, item)
    fields = {name: value for name, value in item.items() if name != _KIND}
    custom = dict(_custom(item))
    if custom:
        fields[CUSTOM] = custom
    return Record(key, fields, time_of(item.get("date_updated")), f"id {key}")


def _custom(item: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield custom fields by name, as Close gave them once, and by id, as it gives them now."""
    old = item.get(CUSTOM)
    if isinstance(old, dict):
        yield from old.items()
    for name, value in item.items():
        if name.startswith(_PREFIX):
            yield name.removeprefix(_PREFIX), value
