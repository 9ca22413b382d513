"""``leadrelay plan``: what a sync would send, and what an edit of the mapping would do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sync.cli.frame.exits import ExitCode
from sync.cli.frame.session import Session, source_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources.base import Window
    from sync.config import Config, SourceConfig
    from sync.runtime.connector import Connector
    from sync.runtime.planning import PlanReport
    from sync.runtime.stopping import Stop

EXAMPLES = (
    "leadrelay plan                # every source: what would go, and why",
    "leadrelay plan crm -n 100     # more of it",
    "leadrelay plan crm --all      # what an edited mapping would do to all that is known",
    "leadrelay plan --json | jq '.plans[].counts'",
)


def plan(
    context: typer.Context,
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Only these.", show_default=False)
    ] = None,
    *,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=0, metavar="N", help="Show so many of each.")
    ] = 20,
    everything: Annotated[
        bool, typer.Option("--all", help="Also read the whole source, to judge an edited mapping.")
    ] = False,
    since: Annotated[
        str | None, typer.Option("--since", metavar="TIME", help="The same, of what changed from then on.")
    ] = None,
) -> None:
    """Read all that a sync would read and compare it; write nothing, send nothing.

    Shows which leads are new and which have changed, field by field against what was accepted last (of
    which only digests are kept), and what would be set aside. Values are shown as they would be sent.

    An edited mapping sends nothing by itself. What it would change is counted: of the records that a sync
    reads, and with --all of every record that is known. `send-again SOURCE --edited` sends those.
    """
    from sync.cli.frame.plan_document import plan_document
    from sync.cli.frame.plan_lines import show_plans
    from sync.cli.frame.running import no_new_store, run_work

    session = Session.of(context)
    config = session.config()
    wanted = [
        (source, _span(source, since, everything=everything))
        for source in (source_named(config, name) for name in sources or config.sources)
    ]
    with no_new_store(config) as dry:
        ended = run_work(session, dry, lambda connector, stop: _plans(connector, config, wanted, stop))
    reports = ended.result
    document = {"plans": [plan_document(each) for each in reports]}
    session.answer(document, lambda printer: show_plans(printer, reports, limit))
    for report in reports:
        if error := report.result.error or report.judged.error:
            session.warn(f"{report.source}: {error}")
    code = ended.code if ended.code is not None else _code(reports)
    if code:
        raise typer.Exit(code)


def _span(source: SourceConfig, since: str | None, *, everything: bool) -> Window | None:
    """Return what is read to judge an edit, None for no more than a sync reads."""
    from sync.cli.frame.windows import window_of

    return window_of(since, None, source.options.timezone) if everything or since is not None else None


async def _plans(
    connector: Connector, config: Config, wanted: Sequence[tuple[SourceConfig, Window | None]], stop: Stop
) -> list[PlanReport]:
    from sync.cli.frame.running import placed
    from sync.runtime.planning import plan as work

    reports = []
    for source, span in wanted:
        if not stop.asked:
            with placed(config, source.name):
                reports.append(await work(connector, source, span))
    return reports


def _code(reports: Sequence[PlanReport]) -> ExitCode:
    from sources.errors import BadConfig

    if any(
        isinstance(cause, BadConfig) for each in reports for cause in (each.result.cause, each.judged.cause)
    ):
        return ExitCode.WRONG
    if any(each.result.error or each.judged.error for each in reports):
        return ExitCode.UNAVAILABLE
    needs = any(each.result.counts.invalid or each.result.held_reason for each in reports)
    return ExitCode.NEEDS_YOU if needs else ExitCode.DONE
