"""``leadrelay send-again``: what the endpoint has accepted, once more, on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sync.cli.frame.backfill_report import backfill_code, backfill_document, rate_of, say_what_stops
from sync.cli.frame.choosing import DryRun, Yes  # noqa: TC001 - Typer reads the annotations
from sync.cli.frame.delivery_report import in_words
from sync.cli.frame.failures import Refused
from sync.cli.frame.session import Session, source_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.cli.frame.printing import Printer
    from sync.config import Config, SourceConfig
    from sync.runtime.backfilling import BackfillReport
    from sync.runtime.connector import Connector
    from sync.wishes import SendAgain

EXAMPLES = (
    "leadrelay send-again crm --dry-run                       # how many would it be?",
    "leadrelay send-again crm --where 'campaign == \"spring\"'   # those whose record says so",
    "leadrelay send-again crm --edited                        # those that an edited mapping made others",
    "leadrelay send-again crm --limit 10 --yes                # ten of them, without a question",
    "leadrelay send-again crm --id 7 --id 12                  # these two, also if they were discarded",
)


def send_again(  # noqa: PLR0913 - one parameter per option
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Of which source.")],
    *,
    ids: Annotated[
        list[str] | None,
        typer.Option("--id", metavar="KEY", help="Only this lead, also when discarded; may be repeated."),
    ] = None,
    where: Annotated[
        str | None,
        typer.Option("--where", metavar="EXPRESSION", help="Only records for which this is true."),
    ] = None,
    edited: Annotated[
        bool, typer.Option("--edited", help="Only leads that an edited mapping makes others; see `plan`.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help="At most so many leads.")
    ] = None,
    rate: Annotated[
        str | None, typer.Option("--rate", metavar="RATE", help="Send at most so many in so long, as in 2/s.")
    ] = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Send leads that the endpoint has accepted once more, as their records and the mapping are now.

    Each of them may text a homeowner again. With --id also what was discarded, by a person or as the same
    homeowner as another lead; nobody who is on the suppression list. The source is read twice: once to
    count and to ask, once to send. Leads that are waiting, rejected or unknown are not touched: `retry` is
    for those.

    After a mapping was edited, `plan SOURCE --all` shows what that would change, and --edited sends just
    those: leads whose records are what they were, and that would say something else.
    """
    session = Session.of(context)
    config = session.config()
    wanted = source_named(config, source)
    wish = _wish(where, limit, ids, edited=edited)
    pace = rate_of(rate)
    counted = _counted(session, config, wanted, wish)
    found = counted.read.counts.staged
    if dry_run or counted.read.error or not found:
        _tell(session, wanted, counted, dry_run=True)
        _exit(wanted, counted)
        return
    which = "named" if ids else "edited" if edited else "accepted"
    question = f"Send {found:,} {which} lead{'' if found == 1 else 's'} of {source} once more?"
    if not session.is_sure(question, yes=yes):
        return
    from sync.cli.frame.running import placed, run_work
    from sync.runtime.backfilling import backfill as work

    with placed(config, wanted.name):
        ended = run_work(session, config, lambda connector, stop: work(connector, wanted, wish, pace, stop))
    _tell(session, wanted, ended.result, dry_run=False)
    if ended.code is not None:
        raise typer.Exit(ended.code)
    _exit(wanted, ended.result)


def _wish(where: str | None, limit: int | None, ids: Sequence[str] | None, *, edited: bool) -> SendAgain:
    from sources.keys import canonical_key
    from sync.mapping.condition import Condition
    from sync.wishes import SendAgain

    try:
        condition = Condition(where) if where is not None else None
    except ValueError as error:
        raise Refused(f"--where: {error}") from error
    named = frozenset(key for each in ids if (key := canonical_key(each))) if ids else None
    return SendAgain(condition, where, limit, named, edited)


def _counted(session: Session, config: Config, source: SourceConfig, wish: SendAgain) -> BackfillReport:
    from sync.cli.frame.running import no_new_store, placed, run_work
    from sync.runtime.columns import NoSuchColumn

    try:
        with placed(config, source.name), no_new_store(config) as dry:
            ended = run_work(session, dry, lambda connector, _stop: _count(connector, source, wish))
    except NoSuchColumn as error:
        raise Refused(f"--where: {error}") from error
    if ended.code is not None:
        raise typer.Exit(ended.code)
    return ended.result


async def _count(connector: Connector, source: SourceConfig, wish: SendAgain) -> BackfillReport:
    from sync.mapping.condition import Condition
    from sync.runtime.backfilling import dry_backfill
    from sync.runtime.columns import check_condition
    from sync.runtime.making import using

    if isinstance(wish.where, Condition):
        async with using(connector.config, source) as adapter:
            await check_condition(wish.where, wish.text or "", adapter)
    return await dry_backfill(connector, source, wish)


def _tell(session: Session, source: SourceConfig, report: BackfillReport, *, dry_run: bool) -> None:
    document = backfill_document(source, report, dry_run=dry_run)
    session.answer(document, lambda printer: _show(printer, document))
    say_what_stops(session, source, report)


def _show(printer: Printer, document: dict[str, Any]) -> None:
    counts = document["counts"]
    would = "would be sent again" if document["dry_run"] else "staged to be sent again"
    printer.line(f"{counts['polled']:,} read, {counts['staged']:,} {would}")
    if document["delivery"]:
        printer.line(f"delivery: {in_words(document['delivery'])}")


def _exit(source: SourceConfig, report: BackfillReport) -> None:
    code = backfill_code(source, report)
    if code:
        raise typer.Exit(code)
