"""Searches in Close's JSON: what changed in a span, newest first, and objects by their ids.

A search can be told days and not times, and they are days in a zone that we can't be sure of. So a day more
is asked for on either side, and what lies outside the span is left out here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from sources._close.records import time_of
from sources._crm.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Kind = Literal["lead", "contact"]

#: The largest page that Close gives.
LARGEST: Final = 200
_CHANGED: Final = "date_updated"
_CREATED: Final = "date_created"
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Part:
    """Leads or people by when they were changed, and by when they were created."""

    changed: Span
    created: Span = field(default_factory=Span)

    def holds(self, item: Any) -> bool:
        """Tell whether something found belongs to it; a time that is not known belongs everywhere."""
        if not isinstance(item, dict):
            return True
        return all(_is_in(span, time_of(item.get(name))) for name, span in self._spans)

    @property
    def is_whole(self) -> bool:
        """Whether it has all that was changed in its span."""
        return self.created == Span()

    @property
    def conditions(self) -> list[dict[str, Any]]:
        """What to search for, apart from the kind: days, and one more on either side."""
        return [
            {"name": name, "condition": _days(span)} for name, span in self._spans if span.since or span.until
        ]

    @property
    def _spans(self) -> tuple[tuple[str, Span], ...]:
        return (_CHANGED, self.changed), (_CREATED, self.created)


def found_in(kind: Kind, part: Part, names: Sequence[str], limit: int) -> dict[str, Any]:
    """Return the search for a part, last changed first, and for how many there are in all."""
    conditions = [
        {"type": "field_condition", "field": _field(kind, each["name"]), "condition": each["condition"]}
        for each in part.conditions
    ]
    newest_first = {"direction": "desc", "field": _field(kind, _CHANGED)}
    return {**_search(kind, conditions, names, limit), "sort": [newest_first], "include_counts": True}


def among(ids: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    """Return the search for the leads with these ids, no more of them than a page holds."""
    wanted = [{"type": "id", "value": each} for each in ids]
    return _search("lead", [{"type": "or", "queries": wanted}], names, LARGEST)


def _search(kind: Kind, conditions: Iterable[Any], names: Sequence[str], limit: int) -> dict[str, Any]:
    queries = [{"type": "object_type", "object_type": kind}, *conditions]
    return {
        "query": {"type": "and", "queries": queries},
        "_fields": {kind: list(names)},
        "_limit": min(limit, LARGEST),
        "cursor": None,
    }


def _field(kind: Kind, name: str) -> dict[str, str]:
    return {"type": "regular_field", "object_type": kind, "field_name": name}


def _days(span: Span) -> dict[str, Any]:
    since = _day(span.since - _DAY, "start") if span.since is not None else None
    until = _day(span.until + _DAY, "end") if span.until is not None else None
    return {"type": "moment_range", "on_or_after": since, "before": until}


def _day(at: datetime, which: Literal["start", "end"]) -> dict[str, str]:
    return {"type": "fixed_local_date", "value": at.astimezone(UTC).date().isoformat(), "which": which}


def _is_in(span: Span, at: datetime | None) -> bool:
    if at is None:
        return True
    return (span.since is None or at >= span.since) and (span.until is None or at < span.until)
