"""Fields in batches: Zoho gives no more than 50 at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sources._crm.wanted import wanted
from sources._zoho.api import MOST_FIELDS
from sources._zoho.records import MODIFIED, OWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources._zoho.api import ZohoApi


def asked_for(reads: frozenset[str] | None) -> list[str] | None:
    """Return the fields that a mapping reads; None when all are needed.

    A path such as Owner.name is no field, and names with a dollar sign come unasked.
    """
    if reads is not None:
        reads = frozenset(name for name in reads if "." not in name and not name.startswith("$"))
    return wanted(reads, always=[MODIFIED], never=OWN)


def batches(names: Sequence[str]) -> list[list[str]]:
    """Return fields in batches of at most 50, each with the time of the change."""
    others = [name for name in names if name != MODIFIED]
    step = MOST_FIELDS - 1
    starts = range(0, max(1, len(others)), step)
    return [[MODIFIED, *others[start : start + step]] for start in starts]


async def completed(api: ZohoApi, items: Sequence[Any], further: Sequence[Sequence[str]]) -> list[Any]:
    """Return records with the fields of further batches.

    One that was changed between two batches, or is gone, is left out: half of it would be of another time.
    It has a later time now, and is read again by that.
    """
    if not further or not items:
        return list(items)
    ids = [str(item["id"]) for item in items if isinstance(item, dict) and item.get("id")]
    whole: dict[str, dict[str, Any]] = {str(item["id"]): item for item in items if _has_id(item)}
    for names in further:
        found = {str(item["id"]): item for item in await api.read(ids, names) if _has_id(item)}
        whole = {
            key: {**found[key], **item}
            for key, item in whole.items()
            if key in found and found[key].get(MODIFIED) == item.get(MODIFIED)
        }
    return [whole[str(item["id"])] if _has_id(item) else item for item in items if _stays(item, whole)]


def _has_id(item: Any) -> bool:
    return isinstance(item, dict) and bool(item.get("id"))


def _stays(item: Any, whole: dict[str, dict[str, Any]]) -> bool:
    return not _has_id(item) or str(item["id"]) in whole
