"""The first sync of a source: everything, only what is new from now on, or from a date on.

What is older than that is *adopted*: taken into the ledger as it is, without sending.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from sources.base import KnowsLatest
from sources.errors import BadConfig
from sources.position import Position
from sync.lead import Lead

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from sources.base import Record, Source
    from sync.lead import Invalid, Skip

FirstSync: TypeAlias = Literal["now", "everything"] | datetime


@dataclass(frozen=True, slots=True)
class Start:
    """How a poll begins while the first sync lasts."""

    position: Position | None
    #: Kept in the store until the first sync is done, so that a killed one goes on as it began.
    plan: dict[str, Any]

    @property
    def asked(self) -> bool:
        """Whether the user asked, in so many words, for all of it to be sent."""
        return bool(self.plan.get("everything"))

    def adopts(self) -> Callable[[Record, Lead | Skip | Invalid], bool] | None:
        """Return what tells whether a record is taken over without sending; None: nothing is."""
        if self.asked:
            return None
        if "until" not in self.plan:
            return lambda _record, _outcome: True
        until = Position.from_json(self.plan["until"]).at
        return lambda record, outcome: _not_after(
            record, outcome, until, inclusive=bool(self.plan["inclusive"])
        )


async def begin(first_sync: FirstSync, source: Source, lookback: timedelta) -> Start:
    """Decide where a source that was never polled begins.

    Raises:
        SourceError: when the source can't be asked, or can't be read from a date on.

    """
    if first_sync == "everything":
        return Start(None, {"everything": True})
    latest = await source.latest() if isinstance(source, KnowsLatest) else None
    if first_sync == "now":
        if latest is None:
            return Start(None, {"all": True})
        return Start(latest.moved_back(lookback), {"until": latest.to_json(), "inclusive": True})
    until = Position(at=first_sync)
    if latest is None:
        return Start(None, {"until": until.to_json(), "inclusive": False})
    if not isinstance(latest.at, datetime):
        raise BadConfig(
            "a date needs a source whose cursor is a timestamp; use now or everything", "first_sync"
        )
    return Start(until.moved_back(lookback), {"until": until.to_json(), "inclusive": False})


def moment(record: Record, outcome: Lead | Skip | Invalid) -> datetime | None:
    """Return when a record changed: as its source says, or else as its lead does."""
    if isinstance(record.changed, datetime):
        return record.changed
    if not isinstance(outcome, Lead):
        return None
    return time_of(outcome, "updatedAt") or time_of(outcome, "createdAt")


def time_of(lead: Lead, field: str) -> datetime | None:
    """Return a time that a lead says, None when it does not."""
    text = lead.standard.get(field)
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z") if text else None


def _not_after(record: Record, outcome: Lead | Skip | Invalid, until: Any, *, inclusive: bool) -> bool:
    if type(record.changed) is type(until):
        when: Any = record.changed
    else:
        when = moment(record, outcome) if isinstance(until, datetime) else None
    if when is None:
        return True  # it can't be told, and what can't be told is not sent
    return bool(when <= until) if inclusive else bool(when < until)
