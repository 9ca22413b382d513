"""Numbers and states in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.states import NEEDS_YOU, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.cli.frame.printing import Cell

#: How a state looks on a terminal.
_STYLES = {
    State.ACCEPTED: "green",
    State.PENDING: "cyan",
    State.SENDING: "cyan",
    State.SKIPPED: "dim",
    State.ADOPTED: "dim",
    State.DISCARDED: "dim",
    State.SUPERSEDED: "dim",
    **dict.fromkeys(NEEDS_YOU, "yellow"),
    State.REJECTED: "red",
}


def state_cell(state: State | None) -> Cell:
    """Return a state with the style it is shown in."""
    return (state.value, _STYLES[state]) if state else ("unknown to the ledger", "dim")


def number_of(number: int, what: str) -> str:
    """Return ``1 lead``, ``2 leads``, ``1,000 leads``."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def counts_in_words(counts: Mapping[State, int]) -> str:
    """Return ``3 held, 1 rejected``, the most important first."""
    order = [*reversed(NEEDS_YOU), *State]
    found = dict.fromkeys(state for state in order if counts.get(state))
    return ", ".join(f"{counts[state]:,} {state.value}" for state in found)
