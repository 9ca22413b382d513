"""From the items of a page to records, one by one: an item that can't be one harms no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sources.errors import BadRecord
from sources.keys import canonical_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sources.base import Record


def records_of(
    items: Iterable[Any], record: Callable[[Any, str], Record]
) -> tuple[list[Record], list[BadRecord]]:
    """Return the records of items, and what could not be made one.

    Args:
        items: as the API gave them.
        record: makes a record of one, and is told where it stands; raises `BadRecord`.

    """
    records: list[Record] = []
    bad: list[BadRecord] = []
    for number, item in enumerate(items, 1):
        try:
            records.append(record(item, f"item {number}"))
        except BadRecord as error:
            bad.append(error)
    return records, bad


def id_of(item: Any) -> str | None:
    """Return the canonical key of an item by its `id`; None when it has none."""
    return canonical_key(item.get("id")) if isinstance(item, dict) else None


def needed_id(item: Any, where: str) -> str:
    """Return the same.

    Raises:
        BadRecord: when it has none.

    """
    key = id_of(item)
    if key is None:
        raise BadRecord("it has no id", where, item if isinstance(item, dict) else None)
    return key
