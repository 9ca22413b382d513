"""When a delivery has reached its goal. No I/O, no clock of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sources.units import format_duration
from sync.delivery.health import Status
from sync.delivery.report import Ending

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.delivery.doors import Closed
    from sync.delivery.health import Health


@dataclass(frozen=True, slots=True)
class Goal:
    """When to end."""

    #: Seconds to go on against an endpoint that keeps failing; None: for ever, also when there is nothing.
    give_up: float | None = None
    #: Whether somebody may still stage what is to be delivered.
    feeding: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class End:
    """That it is over, and why."""

    ending: Ending
    reason: str = ""


def end_of_trying(goal: Goal, health: Health, now: float) -> End | None:
    """Return why there is no sense in going on against this endpoint, None while there is."""
    if goal.give_up is None or health.is_up:
        return None
    condition = health.condition
    if condition.status is Status.HALTED and now < condition.not_before:
        return End(Ending.HALTED, condition.reason)
    last = (health.failing_since if health.failing_since is not None else now) + goal.give_up
    if now < last and condition.not_before <= last:
        return None
    wait = max(condition.not_before - now, 0.0)
    when = f"; it asked to be left alone for {_words(wait)} more" if condition.asked and wait else ""
    return End(Ending.GAVE_UP, f"{condition.reason}{when}")


def end_of_work(goal: Goal, next_due: float | None, now: float) -> End | None:
    """Return that nothing is left to do now, given that nothing is due and nothing is in the air."""
    if goal.give_up is None or goal.feeding():
        return None
    if next_due is None:
        return End(Ending.DRAINED)
    if next_due - now > goal.give_up:
        return End(Ending.GAVE_UP, f"the next try is due in {_words(next_due - now)}")
    return None


def may_end(goal: Goal) -> bool:
    """Tell whether to end when there is nothing to do now: somebody waits for it, and stages no more."""
    return goal.give_up is not None and not goal.feeding()


def end_of_closed(closed: Closed, waiting: int) -> End:
    """Return how it ends while nothing may be sent."""
    if not waiting:
        return End(Ending.DRAINED)
    return End(Ending.HALTED if closed.opens is None else Ending.CLOSED, closed.of(waiting))


def _words(seconds: float) -> str:
    return format_duration(timedelta(seconds=max(1, round(seconds))))
