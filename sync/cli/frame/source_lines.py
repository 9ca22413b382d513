"""How `status` describes a source: label and text, for a screen and for a line alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.cli.frame.next_run import next_run
from sync.cli.frame.positions import readable
from sync.cli.frame.times import ago, clock, span
from sync.states import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sync.cli.frame.printing import Cell
    from sync.config import SourceConfig
    from sync.store.views.standing import Standing
    from sync.store.views.status import RunStatus, SourceStatus

_COUNTED = ("new", "changed", "unchanged", "skipped", "adopted", "invalid", "held")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing about a source or an endpoint."""

    label: str
    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, and whether times are shown from it: on a screen yes, in a file no."""

    now: float
    relative: bool

    def past(self, then: float) -> str:
        """Return a time that was."""
        return ago(then, self.now) if self.relative else clock(then)

    def future(self, then: float) -> str:
        """Return a time to come, or one that is overdue."""
        if not self.relative:
            return clock(then)
        return f"in {span(then - self.now)}" if then - self.now >= 1 else "now"


def source_lines(status: SourceStatus | None, config: SourceConfig | None, moment: Moment) -> Iterator[Line]:
    """Yield what there is to say about a source.

    Args:
        status: None for one that was never polled.
        config: None for one that is not in connector.yaml any more.
        moment: now.

    """
    last = status.last_run if status else None
    yield _last_run(last, moment)
    when = next_run(config, last.started_at if last else None, moment.now) if config else None
    if config is None:
        yield Line("note", "is not in connector.yaml any more", "dim")
    elif when is not None:
        yield Line("next run", f"{moment.future(when)} ({config.options.schedule})")
    if status is not None:
        yield from _of_store(status, moment)


def _of_store(status: SourceStatus, moment: Moment) -> Iterator[Line]:
    yield Line("position", readable(status.position, status.position_at, status.lag))
    if status.first_sync_unfinished:
        yield Line("note", "the first sync is not finished", "yellow")
    yield from standing_lines(status.standing, moment)
    if status.poller:
        yield Line("note", f"being polled by {status.poller}", "cyan")
    if status.paused_since:
        yield Line("note", f"paused since {moment.past(status.paused_since)}", "yellow")


def _last_run(run: RunStatus | None, moment: Moment) -> Line:
    if run is None:
        return Line("last run", "never", "dim")
    when = f"{run.kind} {moment.past(run.started_at)}"
    if run.outcome is None:
        return Line("last run", f"{when}, not finished", "yellow")
    if run.outcome == "failed":
        return Line("last run", f"{when}, failed: {run.error}", "red")
    if run.outcome == "held":
        return Line("last run", f"{when}, held: {run.error} {_counts(run.counts)}", "yellow")
    return Line("last run", f"{when}: {_counts(run.counts)}")


def _counts(counts: Mapping[str, int]) -> str:
    parts = [f"{counts.get('polled', 0):,} polled"]
    return ", ".join(parts + [f"{counts[name]:,} {name}" for name in _COUNTED if counts.get(name)])


def standing_lines(standing: Standing, moment: Moment) -> Iterator[Line]:
    """Yield how many leads stand where, those that need you in another line."""
    waiting = []
    if standing.pending:
        oldest = f", oldest {moment.past(standing.oldest_pending_at)}" if standing.oldest_pending_at else ""
        later = f" ({standing.due_later:,} of them later)" if standing.due_later else ""
        waiting.append(f"{standing.pending:,} pending{later}{oldest}")
    if standing.sending:
        waiting.append(f"{standing.sending:,} sending")
    if waiting:
        yield Line("waiting", "; ".join(waiting), "cyan")
    yours = [f"{number:,} {state.value}" for state, number in needing(standing).items()]
    if yours:
        yield Line("needs you", ", ".join(yours), "yellow")


def needing(standing: Standing) -> dict[State, int]:
    """Return what wants a person, by state."""
    states = (State.UNKNOWN, State.HELD, State.REJECTED, State.INVALID)
    found = {state: int(getattr(standing, state.value)) for state in states}
    return {state: number for state, number in found.items() if number}


def label_cell(label: str) -> Cell:
    """Return a label as it stands at the beginning of a line on a screen."""
    return (f"  {label:<10}", "dim")
