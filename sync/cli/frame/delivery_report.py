"""What `sync` and `backfill` say of a delivery, and what it means for the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.cli.frame.exits import ExitCode
from sync.delivery import Ending
from sync.states import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.delivery import Delivered

_SUMMED = ("accepted", "rejected", "unknown", "discarded", "superseded")


def delivery_document(delivered: Mapping[str, Delivered], left: Mapping[State, int]) -> dict[str, Any]:
    """Return the deliveries of all endpoints as one document.

    Args:
        delivered: by the endpoint's name.
        left: what is not settled for good, by state.

    """
    sums = {name: sum(getattr(each, name) for each in delivered.values()) for name in _SUMMED}
    return {
        "accepted": sums["accepted"],
        "rejected": sums["rejected"],
        "unknown": sums["unknown"],
        "discarded": sums["discarded"],
        "pending": left.get(State.PENDING, 0),
        "held": left.get(State.HELD, 0),
        "superseded": sums["superseded"],
        "seconds": round(max((each.seconds for each in delivered.values()), default=0.0), 3),
        "endpoints": {
            name: {"ending": each.ending.value, "reason": each.reason} for name, each in delivered.items()
        },
    }


def in_words(document: Mapping[str, Any]) -> str:
    """Return a delivery in one line."""
    names = ("rejected", "unknown", "discarded", "pending", "held", "superseded")
    parts = [f"{document['accepted']:,} accepted"]
    parts += [f"{document[name]:,} {name}" for name in names if document[name]]
    return f"{', '.join(parts)} in {document['seconds']:.1f} s"


def troubles(delivered: Mapping[str, Delivered]) -> list[str]:
    """Return why leads wait, by endpoint."""
    waiting = (Ending.HALTED, Ending.GAVE_UP, Ending.ELSEWHERE)
    return [
        f"{name}: {each.ending}: {each.reason}" for name, each in delivered.items() if each.ending in waiting
    ]


def closed_doors(delivered: Mapping[str, Delivered]) -> list[str]:
    """Return why leads wait where the settings want it so, by endpoint."""
    return [f"{name}: {each.reason}" for name, each in delivered.items() if each.ending is Ending.CLOSED]


def delivery_code(delivered: Mapping[str, Delivered]) -> ExitCode:
    """Return what deliveries mean for the exit code."""
    if troubles(delivered):
        return ExitCode.UNAVAILABLE
    if any(each.rejected or each.unknown or each.held for each in delivered.values()):
        return ExitCode.NEEDS_YOU
    return ExitCode.DONE
