"""HubSpot's search: its filters, its 10,000, and a sort by time that is only nearly one."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any, TypeAlias

from tests.doubles import hubspot_answers as say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.doubles.hubspot import Held
    from tests.rest_server import Reply

#: A search ends in a 400 beyond so many.
MOST = 10_000
_FOR_EVER = 10**18
Found: TypeAlias = "tuple[Sequence[Held], int, str | None]"


def results(held: Sequence[Held], body: dict[str, Any], *, sorts: bool) -> Found | Reply:
    """Return the page that a search asks for, how many there are in all, and the next cursor.

    Args:
        held: the objects in the index, by id.
        body: of the request.
        sorts: whether what is asked for of the order is done.

    """
    offset, limit = int(body["after"]), body["limit"]
    if limit > 200:
        return say.invalid("limit must not be larger than 200")
    if offset + limit > MOST:
        return say.invalid(f"The total number of results exceeds the limit of {MOST}")
    if len(body["filterGroups"]) > 6:
        return say.invalid("too many filterGroups")
    groups = [group["filters"] for group in body["filterGroups"]]
    if any(each["operator"].startswith("GT") and _is_epoch(each) for group in groups for each in group):
        return say.error(500, "INTERNAL_ERROR", "internal error")
    found = [each for group in groups for each in _matching(held, group)] if groups else list(held)
    found = list(dict.fromkeys(found)) if len(groups) > 1 else found
    found = _sorted(found, body["sorts"]) if sorts else found[::-1]
    end = offset + limit
    return found[offset:end], len(found), str(end) if end < len(found) else None


def _is_epoch(asked: dict[str, Any]) -> bool:
    return asked["propertyName"].endswith("lastmodifieddate") and int(asked["value"]) == 0


def _matching(held: Sequence[Held], filters: Sequence[dict[str, Any]]) -> Sequence[Held]:
    """Return what all filters admit; nothing by a time under the name that other types have it under."""
    spans = {each["propertyName"]: (-_FOR_EVER, _FOR_EVER) for each in filters}
    for each in filters:
        one, other = spans[each["propertyName"]]
        low, high = _span(each["operator"], int(each["value"]))
        spans[each["propertyName"]] = max(one, low), min(other, high)
    low, high = spans.pop("hs_object_id", (-_FOR_EVER, _FOR_EVER))
    within = held[bisect_left(held, low, key=_number) : bisect_left(held, high + 1, key=_number)]
    for name, (low, high) in spans.items():
        within = [each for each in within if each.modified == name and low <= each.milliseconds <= high]
    return within


def _span(operator: str, value: int) -> tuple[int, int]:
    low = {"GT": value + 1, "GTE": value, "EQ": value}.get(operator, -_FOR_EVER)
    return low, {"LT": value - 1, "LTE": value, "EQ": value}.get(operator, _FOR_EVER)


def _number(held: Held) -> int:
    return held.number


def _sorted(found: list[Held], sorts: Sequence[Any]) -> list[Held]:
    """Sort as asked. Sorts that are texts are passed over, and by time neighbours change places."""
    for each in sorts:
        if not isinstance(each, dict):
            continue
        by_id = each["propertyName"] == "hs_object_id"
        backwards = each.get("direction") == "DESCENDING"
        found = sorted(found, key=_number if by_id else _milliseconds, reverse=backwards)
        if not by_id:
            pairs = len(found) // 2 * 2
            found[:pairs:2], found[1:pairs:2] = found[1:pairs:2], found[:pairs:2]
    return found


def _milliseconds(held: Held) -> int:
    return held.milliseconds
