"""What the store keeps of how an endpoint stands, across restarts. No I/O, no clock of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.delivery.health import Condition, Status
from sync.gates.suppress import SUPPRESSION_LIST

if TYPE_CHECKING:
    from typing import TypeAlias

    #: State, reason, and until when it asked to be left alone, in seconds since the epoch.
    Kept: TypeAlias = tuple[str, str | None, float | None]

_ASKED = "it asked to be left alone"


def kept(condition: Condition) -> Kept:
    """Return what is kept of a condition. Our own pauses are not: the next process tries at once."""
    return condition.status.value, condition.reason or None, asked_until(condition)


def asked_until(condition: Condition) -> float | None:
    """Return until when the endpoint itself asked to be left alone; None: it did not."""
    return condition.not_before if condition.asked else None


def is_news(condition: Condition, before: Condition) -> bool:
    """Tell whether a condition must be kept in place of another one. Another reason alone is no news."""
    return condition.status is not before.status or asked_until(condition) != asked_until(before)


def recalled(row: Any, own: Condition) -> Condition:
    """Return how an endpoint stands, by what was kept of it.

    Args:
        row: state, reason and not_before as they are kept; None: nothing is.
        own: what this process knows of it, which holds where the store says something about the list only.

    """
    if row is None or row.state == Status.UP:
        return own
    if not is_about_list(row):
        asked = row.not_before is not None
        return Condition(Status(row.state), row.reason or "", row.not_before or 0.0, asked=asked)
    if own.status is Status.UP and row.not_before:
        return Condition(Status.DOWN, _ASKED, row.not_before, asked=True)
    return own


def is_about_list(row: Any) -> bool:
    """Tell whether what is kept is not about the endpoint: that the suppression list could not be read."""
    return row is not None and str(row.reason or "").startswith(SUPPRESSION_LIST)
