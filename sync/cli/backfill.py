"""``leadrelay backfill``: the past, as a job of its own."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sync.cli.frame.backfill_report import backfill_code, backfill_document, rate_of, say_what_stops
from sync.cli.frame.failures import Refused
from sync.cli.frame.session import Session, source_named
from sync.cli.frame.windows import window_of

if TYPE_CHECKING:
    from sync.cli.frame.printing import Printer
    from sync.cli.frame.running import Ended
    from sync.config import Config, SourceConfig
    from sync.runtime.backfilling import BackfillReport
    from sync.wishes import Wish

EXAMPLES = (
    "leadrelay backfill crm --since 2026-01-01 --dry-run          # how many would it be?",
    "leadrelay backfill crm --since 2026-01-01 --until 2026-02-01",
    "leadrelay backfill crm --since 2026-01-01 --by created --rate 2/s",
    "leadrelay backfill crm --since 2026-01-01                    # the same again goes on after a stop",
)


class By(StrEnum):
    """Which of a lead's times the window is about."""

    CHANGED = "changed"
    CREATED = "created"


def backfill(  # noqa: PLR0913 - one parameter per option
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Of which source.")],
    *,
    since: Annotated[
        str | None, typer.Option("--since", metavar="TIME", help="From this day or time on.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help="Up to this day or time, without it.")
    ] = None,
    by: Annotated[
        By, typer.Option("--by", metavar="changed|created", help="Which of a lead's times is meant.")
    ] = By.CHANGED,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help="At most so many leads.")
    ] = None,
    rate: Annotated[
        str | None, typer.Option("--rate", metavar="RATE", help="Send at most so many in so long, as in 2/s.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and compare; write and send nothing.")
    ] = False,
) -> None:
    """Send what a source holds of a span of the past, beside the live sync and behind it.

    What the ledger says is accepted already is not sent. The live position is not moved, and leads that
    are new now go first. A stopped backfill goes on where it was when it is called again the same way.
    """
    session = Session.of(context)
    config = session.config()
    wanted = source_named(config, source)
    if since is None and until is None:
        raise Refused("which span? Say --since, --until, or both, as in --since 2026-01-01")
    from sync.wishes import Wish

    window = window_of(since, until, wanted.options.timezone)
    wish = Wish(window, by is By.CREATED, limit)
    ended = _work(session, config, wanted, wish, rate, dry_run=dry_run)
    _tell(session, wanted, ended.result, dry_run=dry_run)
    code = ended.code if ended.code is not None else backfill_code(wanted, ended.result)
    if code:
        raise typer.Exit(code)


def _work(
    session: Session, config: Config, source: SourceConfig, wish: Wish, rate: str | None, *, dry_run: bool
) -> Ended[BackfillReport]:
    from sync.cli.frame.running import no_new_store, placed, run_work
    from sync.runtime.backfilling import backfill as work
    from sync.runtime.backfilling import dry_backfill

    pace = rate_of(rate)
    with placed(config, source.name):
        if not dry_run:
            return run_work(
                session, config, lambda connector, stop: work(connector, source, wish, pace, stop)
            )
        with no_new_store(config) as dry:
            return run_work(session, dry, lambda connector, _stop: dry_backfill(connector, source, wish))


def _tell(session: Session, source: SourceConfig, report: BackfillReport, *, dry_run: bool) -> None:
    document = backfill_document(source, report, dry_run=dry_run)
    session.answer(document, lambda printer: _show(printer, document))
    say_what_stops(session, source, report)


def _show(printer: Printer, document: dict[str, Any]) -> None:
    from sync.cli.frame.delivery_report import in_words

    counts = document["counts"]
    again = ", gone on with" if document["resumed"] else ""
    title = "dry run" if document["dry_run"] else f"backfill {document['backfill']}{again}"
    would = "would be sent" if document["dry_run"] else "staged"
    known = f"{counts['unchanged']:,} known already"
    outside = f"{document['outside']:,} outside of the span or without a time"
    printer.line(f"{title}: {counts['polled']:,} read, {counts['staged']:,} {would}, {known}, {outside}")
    for name in ("skipped", "invalid"):
        if counts[name]:
            printer.line(f"{counts[name]:,} {name}")
    if document["delivery"]:
        printer.line(f"delivery: {in_words(document['delivery'])}")
    if not document["all_read"]:
        printer.line("not read to its end; the same call goes on from here", "yellow")
