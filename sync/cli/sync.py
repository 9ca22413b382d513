"""``leadrelay sync``: every source once, and everything delivered."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sources.errors import BadConfig
from sync.cli.frame.exits import ExitCode
from sync.cli.frame.session import Session, source_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.cli.frame.printing import Printer
    from sync.config import Config
    from sync.runtime.polling import Polled
    from sync.runtime.syncing import SyncReport

EXAMPLES = (
    "leadrelay sync                # every source",
    "leadrelay sync crm orders     # these two",
    "leadrelay sync -q --json      # for programs: one JSON document, nothing else",
)
_COLUMNS = ("polled", "new", "changed", "unchanged", "skipped", "adopted", "invalid", "held")


def sync(
    context: typer.Context,
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Only these.", show_default=False)
    ] = None,
) -> None:
    """Poll every source once, or those named, and deliver until all is sent.

    Ends when nothing is due any more, or when the endpoint has failed for `give_up`. Ctrl-C settles what
    is in the air first. Ends with 1 when leads of this run are invalid, rejected, held or unknown, and
    with 3 when a source or the endpoint is unavailable.
    """
    from sync.cli.frame.running import run_work
    from sync.runtime.syncing import sync as work

    session = Session.of(context)
    config = session.config()
    names = [source_named(config, name).name for name in sources or ()]
    ended = run_work(session, config, lambda connector, stop: work(connector, names, stop))
    _tell(session, config, ended.result)
    code = ended.code if ended.code is not None else _code(ended.result)
    if code:
        raise typer.Exit(code)


def _tell(session: Session, config: Config, report: SyncReport) -> None:
    from sync.cli.frame.delivery_report import closed_doors, delivery_document, in_words, troubles

    delivery = delivery_document(report.delivered, report.left)
    runs = [_run(config, each) for each in report.polled]
    document = {"runs": runs, "delivery": delivery}
    session.answer(document, lambda printer: _show(printer, runs, in_words(delivery)))
    if not session.chosen.json:
        for run in runs:
            if run["error"]:
                session.warn(f"{run['source']}: {run['error']}")
    for closed in closed_doors(report.delivered):
        session.note(closed)
    for trouble in troubles(report.delivered):
        session.warn(f"leads are waiting; {trouble}")


def _run(config: Config, polled: Polled) -> dict[str, Any]:
    counts = asdict(polled.result.counts) if polled.result else {}
    return {
        "source": polled.source,
        **{name: counts.get(name, 0) for name in ("polled", "skipped", "invalid", "unchanged")},
        **{name: counts.get(name, 0) for name in ("new", "changed", "staged", "held", "adopted")},
        "held_reason": polled.result.held_reason if polled.result else None,
        "error": _error(config, polled),
        "left_alone": polled.left_alone or None,
        "interrupted": polled.interrupted,
    }


def _error(config: Config, polled: Polled) -> str | None:
    if isinstance(polled.cause, BadConfig):
        return str(config.source_problem(polled.source, polled.cause))
    return polled.result.error if polled.result else None


def _show(printer: Printer, runs: Sequence[dict[str, Any]], delivery: str) -> None:
    polled = [run for run in runs if not run["left_alone"]]
    shown = [name for name in _COLUMNS if name == "polled" or any(run[name] for run in polled)]
    headings = ["SOURCE", *(name.upper() for name in shown)]
    if polled:
        rows = [[run["source"], *(f"{run[name]:,}" for name in shown)] for run in polled]
        printer.table(headings, rows, numbers=headings[1:])
    for run in runs:
        if run["left_alone"]:
            printer.line(f"{run['source']}: not polled: {run['left_alone']}")
        if run["held_reason"]:
            printer.line(
                f"{run['source']}: held: {run['held_reason']}; `leadrelay approve` lets them go", "yellow"
            )
    printer.line(f"delivery: {delivery}")


def _code(report: SyncReport) -> ExitCode:
    """Return the gravest of what happened in this run."""
    from sync.cli.frame.delivery_report import delivery_code

    if any(isinstance(each.cause, BadConfig) for each in report.polled):
        return ExitCode.WRONG
    results = [each.result for each in report.polled if each.result]
    delivery = delivery_code(report.delivered)
    if any(each.error for each in results) or delivery is ExitCode.UNAVAILABLE:
        return ExitCode.UNAVAILABLE
    if any(each.counts.invalid or each.counts.held or each.held_reason for each in results):
        return ExitCode.NEEDS_YOU
    return delivery
