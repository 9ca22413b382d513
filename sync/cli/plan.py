"""``leadrelay plan``: what a sync would send."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sources.errors import BadConfig
from sync.cli.frame.exits import ExitCode
from sync.cli.frame.session import Session, source_named
from sync.cli.frame.words import number_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.cli.frame.printing import Cell, Printer
    from sync.config import Config, SourceConfig
    from sync.runtime.connector import Connector
    from sync.runtime.planning import PlanReport
    from sync.runtime.stopping import Stop

EXAMPLES = (
    "leadrelay plan                # every source: what would go, and why",
    "leadrelay plan crm -n 100     # more of it",
    "leadrelay plan --json | jq '.plans[].counts'",
)
_STYLES = {"new": "green", "changed": "cyan", "reverted": "dim", "invalid": "yellow"}


def plan(
    context: typer.Context,
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Only these.", show_default=False)
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=0, metavar="N", help="Show so many of each.")
    ] = 20,
) -> None:
    """Read all that a sync would read and compare it; write nothing, send nothing.

    Shows which leads are new, which have changed and in which fields, and what would be set aside. An
    edited mapping sends nothing by itself: how many leads it would make otherwise is counted.
    """
    from sync.cli.frame.running import no_new_store, run_work

    session = Session.of(context)
    config = session.config()
    wanted = [source_named(config, name) for name in sources or config.sources]
    with no_new_store(config) as dry:
        ended = run_work(session, dry, lambda connector, stop: _plans(connector, config, wanted, stop))
    document = {"plans": [_document(each) for each in ended.result]}
    session.answer(document, lambda printer: _show(printer, ended.result, limit))
    for report in ended.result:
        if report.result.error:
            session.warn(f"{report.source}: {report.result.error}")
    code = ended.code if ended.code is not None else _code(ended.result)
    if code:
        raise typer.Exit(code)


async def _plans(
    connector: Connector, config: Config, wanted: Sequence[SourceConfig], stop: Stop
) -> list[PlanReport]:
    from sync.cli.frame.running import placed
    from sync.runtime.planning import plan as work

    reports = []
    for source in wanted:
        if not stop.asked:
            with placed(config, source.name):
                reports.append(await work(connector, source))
    return reports


def _document(report: PlanReport) -> dict[str, Any]:
    return {
        "source": report.source,
        "counts": asdict(report.result.counts),
        "held_reason": report.result.held_reason,
        "error": report.result.error,
        "edited_only": report.edited_only,
        "leads": [
            {
                "id": f"{report.source}:{each.key}",
                "what": each.what,
                "fields": each.fields,
                "reason": each.reason,
            }
            for each in report.noted
        ],
    }


def _show(printer: Printer, reports: Sequence[PlanReport], limit: int) -> None:
    for report in reports:
        counts = report.result.counts
        names = ("new", "changed", "unchanged", "skipped", "adopted", "invalid")
        told = ", ".join(f"{getattr(counts, name):,} {name}" for name in names if getattr(counts, name))
        printer.parts((report.source, "bold"), f": {counts.polled:,} read: {told or 'nothing'}")
        for what in _STYLES:
            _show_some(printer, report, what, limit)
        _show_notes(printer, report)


def _show_some(printer: Printer, report: PlanReport, what: str, limit: int) -> None:
    some = [each for each in report.noted if each.what == what]
    for each in some[:limit]:
        why = each.reason if what == "invalid" else ", ".join(each.fields)
        name: Cell = f"{report.source}:{each.key}"
        printer.parts("  ", (f"{what:<9}", _STYLES[what]), name, f"  {why}" if why else "")
    if len(some) > limit:
        printer.line(f"  … and {len(some) - limit:,} more {what}", "dim")


def _show_notes(printer: Printer, report: PlanReport) -> None:
    if report.result.held_reason:
        printer.line(f"  all of it would be held: {report.result.held_reason}", "yellow")
    if report.edited_only:
        leads = number_of(report.edited_only, "record")
        printer.line(
            f"  {leads} only compared anew since the mapping was edited: nothing of them is sent", "dim"
        )


def _code(reports: Sequence[PlanReport]) -> ExitCode:
    if any(isinstance(each.result.cause, BadConfig) for each in reports):
        return ExitCode.WRONG
    if any(each.result.error for each in reports):
        return ExitCode.UNAVAILABLE
    needs = any(each.result.counts.invalid or each.result.held_reason for each in reports)
    return ExitCode.NEEDS_YOU if needs else ExitCode.DONE
