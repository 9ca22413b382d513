"""What is seen of a run while it goes on: bars on a terminal, lines otherwise, nothing with ``-q``.

An observer of `sync.events`. Everything goes to stderr, so that stdout holds the answer alone.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from sync.cli.frame.printing import one_line
from sync.cli.frame.times import clock as clock_time
from sync.cli.frame.words import number_of
from sync.events import (
    EndpointDown,
    EndpointUp,
    LeadSetAside,
    PageStaged,
    Recovered,
    RunFinished,
    RunStarted,
    Said,
    Settled,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from rich.console import Console
    from rich.progress import TaskID

    from sync.events import Counts, Event

#: Between two lines about the same thing where there is no terminal, in seconds.
_PATIENCE = 10.0
#: Leads set aside that are named one by one; after that they are only counted.
_MOST_NAMED = 20


class Progress:
    """Shows a run while it goes on; use it as a context manager around the run.

    Args:
        console: where to, of `frame.printing.console_on`; nothing is shown when None.
        log: for a run without an end: lines with their time instead of bars, and none about polls that
            found nothing.
        clock: seconds, for how often a line is printed.

    """

    def __init__(
        self, console: Console | None, *, log: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._console = console
        self._log = log
        self._clock = clock
        bars = console is not None and console.is_terminal and not log
        self._bars = _Bars(console) if console is not None and bars else None
        self._said_at: dict[str, float] = {}
        self._settled: dict[str, list[int]] = {}
        #: How many leads each source has staged in this run.
        self._staged: dict[str, int] = {}
        self._named = 0

    def __enter__(self) -> Self:
        """Begin to show."""
        if self._bars:
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Show no more; what was printed stays."""
        if self._bars:
            self._bars.stop()

    def __call__(self, event: Event) -> None:
        """Take in one event."""
        if self._console is None:
            return
        if isinstance(event, RunStarted):
            self._begins(event)
        elif isinstance(event, PageStaged):
            self._reading(event)
        elif isinstance(event, RunFinished):
            self._read(event)
        elif isinstance(event, Settled):
            self._sent(event)
        elif text := self._sentence(event):
            self._print(text)

    def _begins(self, event: RunStarted) -> None:
        if self._bars:
            self._bars.reading(event.source, "")
        elif not self._log:
            self._print(f"{event.source}: {event.kind} begins")

    def _reading(self, event: PageStaged) -> None:
        self._staged[event.source] = event.counts.staged
        for note in event.notes:
            self._print(f"{event.source}: {note}")
        if self._bars:
            self._bars.reading(event.source, _in_words(event.counts))
        else:
            self._say_now_and_then(event.source, f"{event.source}: {_in_words(event.counts)} so far")

    def _read(self, event: RunFinished) -> None:
        self._staged[event.source] = event.counts.staged
        ended = f"stopped: {event.error}" if event.error else _in_words(event.counts)
        if self._bars:
            self._bars.read(event.source, ended)
        elif event.error or not self._log or _is_news(event.counts):
            self._print(f"{event.source}: {ended}")
        if event.held_reason:
            self._print(f"{event.source}: held: {event.held_reason}; `leadrelay approve` lets them go")

    def _sent(self, event: Settled) -> None:
        totals = self._settled.setdefault(event.endpoint, [0, 0, 0])
        for index, number in enumerate((event.accepted, event.rejected, event.unknown)):
            totals[index] += number
        said = f"{number_of(totals[0], 'lead')} accepted" + "".join(
            f", {number:,} {name}"
            for number, name in zip(totals[1:], ("rejected", "unknown"), strict=True)
            if number
        )
        if self._bars:
            self._bars.sent(event.endpoint, said + self._of_how_many(sum(totals)))
        else:
            self._say_now_and_then(f"endpoint {event.endpoint}", f"{event.endpoint}: {said} so far")

    def _of_how_many(self, done: int) -> str:
        """Say of how many, where that is known: one endpoint, and nothing left over from earlier runs."""
        staged = sum(self._staged.values())
        return f" of {staged:,}" if len(self._settled) == 1 and done <= staged else ""

    def _sentence(self, event: Event) -> str | None:
        if isinstance(event, LeadSetAside):
            return self._set_aside(event)
        if isinstance(event, EndpointDown):
            again = f"; tried again in {event.retry_in:.0f} s" if event.retry_in is not None else ""
            return f"{event.endpoint} is {'halted' if event.halted else 'down'}: {event.reason}{again}"
        if isinstance(event, EndpointUp):
            return f"{event.endpoint} takes leads again"
        if isinstance(event, Recovered):
            leads = number_of(event.versions, "lead")
            return f"{event.endpoint}: {leads} in the air when an earlier process ended: outcome unknown"
        if isinstance(event, Said):
            return f"{event.source}: {event.text}" if event.source else event.text
        return None

    def _set_aside(self, event: LeadSetAside) -> str | None:
        self._named += 1
        if self._named > _MOST_NAMED:
            return None
        more = "; further ones are only counted, see `leadrelay leads`" if self._named == _MOST_NAMED else ""
        return one_line(f"{event.source}:{event.key} {event.outcome}: {event.detail}{more}")

    def _say_now_and_then(self, about: str, text: str) -> None:
        moment = self._clock()
        first = moment - _PATIENCE if self._log else moment  # a log tells at once, and then now and then
        if moment - self._said_at.setdefault(about, first) >= _PATIENCE:
            self._said_at[about] = moment
            self._print(text)

    def _print(self, text: str) -> None:
        if self._console is not None:
            stamp = f"{clock_time(time.time())}  " if self._log else ""
            lines = "\n".join(map(one_line, text.split("\n")))
            self._console.print(f"{stamp}{lines}", markup=False, highlight=False)


class _Bars:
    """A line a source and a line an endpoint, redrawn in place."""

    def __init__(self, console: Console) -> None:
        from rich.progress import Progress as Rows
        from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (
            SpinnerColumn(finished_text=" "),
            TextColumn("{task.description}", style="bold", markup=False),
            TextColumn("{task.fields[said]}", markup=False),
            TimeElapsedColumn(),
        )
        self._rows = Rows(*columns, console=console, refresh_per_second=8)
        self._tasks: dict[str, TaskID] = {}

    def start(self) -> None:
        self._rows.start()

    def stop(self) -> None:
        self._rows.stop()

    def reading(self, source: str, said: str) -> None:
        self._rows.update(self._task(f"{source}"), said=said or "reading")

    def read(self, source: str, said: str) -> None:
        self._rows.update(self._task(f"{source}"), said=said, total=1, completed=1)

    def sent(self, endpoint: str, said: str) -> None:
        self._rows.update(self._task(f"to {endpoint}"), said=said)

    def _task(self, name: str) -> TaskID:
        if name not in self._tasks:
            self._tasks[name] = self._rows.add_task(name, total=None, said="")
        return self._tasks[name]


def _is_news(counts: Counts) -> bool:
    return any((counts.new, counts.changed, counts.invalid, counts.held, counts.adopted))


def _in_words(counts: Counts) -> str:
    names = ("new", "changed", "unchanged", "skipped", "adopted", "invalid", "held")
    parts = [f"{getattr(counts, name):,} {name}" for name in names if getattr(counts, name)]
    return ", ".join([f"{counts.polled:,} read", *parts])
