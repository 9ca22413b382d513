"""``leadrelay status``: how every source and the endpoints stand."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from sync.cli.frame.endpoint_lines import endpoint_lines
from sync.cli.frame.exits import ExitCode
from sync.cli.frame.hours import hours_lines
from sync.cli.frame.session import Session
from sync.cli.frame.source_lines import Line, Moment, label_cell, needing, source_lines
from sync.cli.frame.status_document import status_document
from sync.cli.frame.words import number_of
from sync.states import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.cli.frame.printing import Printer
    from sync.config import Config
    from sync.store.views.status import JobStatus, SourceStatus, StoreStatus

EXAMPLES = (
    "leadrelay status                # how everything stands",
    "leadrelay status | grep crm     # one line a source where there is no screen",
    "leadrelay status --strict       # for monitoring: ends with 1 when anything needs a person",
    "leadrelay status --json         # all of it, for programs",
)

#: What to do about leads that stand here.
_ADVICE = {
    State.UNKNOWN: "`leadrelay retry --state unknown` (may text twice) or `discard --state unknown`",
    State.HELD: "look with `leadrelay leads --state held`, then `leadrelay approve` or `discard`",
    State.REJECTED: "look with `leadrelay leads --state rejected`, then `leadrelay retry` or `discard`",
    State.INVALID: "look with `leadrelay leads --state invalid`; mend the mapping or the record",
}


def status(
    context: typer.Context,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with 1 when anything in the store needs a person.")
    ] = False,
) -> None:
    """Show how every source and endpoint stand: last and next run, position, what waits, what is stuck."""
    session = Session.of(context)
    config = session.config()
    found, now = _read(session, config)
    session.answer(status_document(config, found, now), lambda printer: _show(printer, config, found, now))
    if strict and found.needs_you:
        raise typer.Exit(ExitCode.NEEDS_YOU)


def _read(session: Session, config: Config) -> tuple[StoreStatus, float]:
    from sync.store.views.status import StoreStatus, read_status

    now = time.time()
    with session.store(config) as store:
        if store is None:
            return StoreStatus((), (), ()), now
        return store.read_now(lambda connection: read_status(connection, now)), now


def _show(printer: Printer, config: Config, found: StoreStatus, now: float) -> None:
    moment = Moment(now, relative=not printer.plain)
    drawn = not printer.plain and printer.console.encoding.startswith("utf")
    known = {(each.source, each.endpoint): each for each in found.sources}
    configured = {(source.name, source.endpoint) for source in config.sources.values()}
    for name, endpoint in [*sorted(configured), *sorted(set(known) - configured)]:
        source = config.sources.get(name) if (name, endpoint) in configured else None
        kind = f"{source.type} to {endpoint}" if source else f"to {endpoint}"
        _block(
            printer, f"source {name}", kind, list(source_lines(known.get((name, endpoint)), source, moment))
        )
    endpoints = {each.endpoint: each for each in found.endpoints}
    for name in [*config.endpoints, *sorted(set(endpoints) - set(config.endpoints))]:
        lines = list(endpoint_lines(endpoints.get(name), moment, drawn=drawn))
        lines += hours_lines(config.endpoints.get(name), now)
        kind = config.endpoints[name].type if name in config.endpoints else "not in connector.yaml any more"
        _block(printer, f"endpoint {name}", kind, lines)
    for job in found.jobs:
        _block(printer, f"backfill {job.id}", f"of {job.source} to {job.endpoint}", list(_job(job, moment)))
    if not printer.plain:
        _advise(printer, found.sources)


def _block(printer: Printer, title: str, kind: str, lines: list[Line]) -> None:
    """Print a block on a screen, and one line elsewhere."""
    if printer.plain:
        printer.line(f"{title}: " + "; ".join([kind, *(f"{line.label} {line.text}" for line in lines)]))
        return
    printer.parts((title, "bold"), (f"  {kind}", "dim"))
    for line in lines:
        printer.parts(label_cell(line.label), (line.text, line.style))
    printer.line()


def _job(job: JobStatus, moment: Moment) -> Iterator[Line]:
    yield Line("state", f"{job.state}, begun {moment.past(job.created_at)}")
    done = ", ".join(f"{number:,} {name}" for name, number in job.counts.items() if number)
    if done:
        yield Line("so far", done)
    if job.rate:
        yield Line("rate", job.rate)


def _advise(printer: Printer, sources: tuple[SourceStatus, ...]) -> None:
    """Say what to do about everything that needs a person."""
    totals: dict[State, int] = {}
    for source in sources:
        for state, number in needing(source.standing).items():
            totals[state] = totals.get(state, 0) + number
    for state, number in totals.items():
        printer.parts((f"{number_of(number, 'lead')} {state.value}: ", "yellow"), _ADVICE[state])
