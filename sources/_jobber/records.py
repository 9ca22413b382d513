"""From Jobber's clients and requests to records, and which of them are wanted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sources._crm.items import needed_id
from sources._rest.changed import read_changed
from sources.base import Record
from sources.errors import BadRecord

if TYPE_CHECKING:
    from sources._jobber.settings import JobberSettings

_LAST: Final = datetime.max.replace(tzinfo=UTC)


def record(item: Any, where: str) -> Record:
    """Return one client or request as a record; lists in it are lists, without GraphQL's `nodes`.

    Raises:
        BadRecord: when it is no object, or has no id.

    """
    if not isinstance(item, dict):
        raise BadRecord("it is not an object", where)
    key = needed_id(item, where)
    fields = {name: _plain(value) for name, value in item.items()}
    return Record(key, fields, time_of(item), f"id {key}")


def time_of(item: Any) -> datetime | None:
    """Return when an item changed."""
    return read_changed(item.get("updatedAt"), "auto", UTC) if isinstance(item, dict) else None


def place_of(each: Record) -> tuple[datetime, str]:
    """Return what to sort by, since Jobber's lists are in an order of their own; without a time: last."""
    return (each.changed if isinstance(each.changed, datetime) else _LAST), each.key


def is_wanted(each: Record, settings: JobberSettings) -> bool:
    """Tell whether a record is one of those that the settings choose, also where no filter could say it."""
    fields = each.fields
    is_archived = fields.get("isArchived") is True or fields.get("requestStatus") == "archived"
    if is_archived and not settings.include_archived:
        return False
    return not settings.leads_only or fields.get("isLead") is not False


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("nodes"), list):
        return _plain(value["nodes"])
    return {name: _plain(each) for name, each in value.items()}
