"""Which columns say when a record was made and changed, and how their times are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.suggesting.choice import Field
from sync.suggesting.dates import DAY_FIRST, MONTH_FIRST, Times
from sync.suggesting.naming import CREATED, UPDATED, Target
from sync.suggesting.seen import Seen, best

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMED, _NAMED_ONLY = 0.5, 0.85
_LIKELY = 0.6
#: From such a name on, numbers are taken for times.
_SURELY_NAMED = 0.65


def time_fields(seen: Sequence[Seen], *, european: bool) -> dict[str, Field]:
    """Return createdAt and updatedAt, as far as there are any.

    Args:
        seen: all columns.
        european: whether something else speaks for days before months.

    """
    created = _chosen(seen, CREATED, None)
    updated = _chosen(seen, UPDATED, created)
    found = {"createdAt": created, "updatedAt": updated}
    order = _order([each.facts.times for each in seen if not each.empty], european=european)
    return {name: _field(each, order) for name, each in found.items() if each}


def _chosen(seen: Sequence[Seen], target: Target, not_this: Seen | None) -> Seen | None:
    found = best(((_score(each, target), each) for each in seen if each is not not_this), _NAMED)
    return found[0][1] if found else None


def _score(seen: Seen, target: Target) -> float:
    name, times = seen.named(target), seen.facts.times
    if seen.empty:
        return name - 0.1 if name >= _NAMED_ONLY else 0.0
    share = times.share_with_numbers if name >= _SURELY_NAMED else times.share
    return name if share >= _LIKELY else 0.0


def _order(times: Sequence[Times], *, european: bool) -> tuple[str, str]:
    """Return day or month first, for columns that don't show it, and why."""
    sure = {each.format for each in times if each.sure and each.format in (DAY_FIRST, MONTH_FIRST)}
    if len(sure) == 1:
        return str(sure.pop()), "as in the other columns of this source"
    if european:
        return DAY_FIRST, "no day above 12 in the sample; taken from the language of the columns"
    return MONTH_FIRST, "no day above 12 in the sample"


def _field(seen: Seen, order: tuple[str, str]) -> Field:
    times = seen.facts.times
    if seen.empty:
        return Field((seen.column,), "unsure: empty in the sample", drop=True)
    if times.format not in (DAY_FIRST, MONTH_FIRST) or times.sure:
        return Field((seen.column,), format=times.format)
    if times.mixed:
        doubt = "unsure: some have the day first, others the month"
        return Field((seen.column,), doubt, format=times.format, drop=True)
    return Field((seen.column,), f"unsure: {order[1]}", format=order[0], drop=True)
