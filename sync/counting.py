"""What a run's decisions count as."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.compare import Kind
from sync.states import State

if TYPE_CHECKING:
    from sync.compare import Decision
    from sync.events import Counts

_COUNTED = {
    Kind.REBASE: "unchanged",
    Kind.STALE: "unchanged",
    Kind.SKIP: "skipped",
    Kind.SET_ASIDE: "invalid",
    Kind.ADOPT: "adopted",
    Kind.REVERT: "changed",
}
_STANDING = {State.SKIPPED: "skipped", State.INVALID: "invalid"}


def count(counts: Counts, decision: Decision, *, held: bool = False) -> None:
    """Count one decision.

    Args:
        counts: of the run.
        decision: about one record.
        held: whether a guard holds what the run stages.

    """
    _add(counts, _COUNTED.get(decision.kind) or _standing(decision))
    counts.stale += decision.kind is Kind.STALE
    if decision.kind is Kind.SEND:
        _add(counts, "held" if held else "staged")


def _add(counts: Counts, name: str) -> None:
    setattr(counts, name, getattr(counts, name) + 1)


def _standing(decision: Decision) -> str:
    """Name the count of a record that is as it was, or of one to send."""
    known = decision.known
    if decision.kind is Kind.SEND:
        return "changed" if known and known.fingerprint else "new"
    return _STANDING.get(known.state, "unchanged") if known else "unchanged"
