"""``leadrelay preview``: a few live records, and what each would become."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sync.cli.frame.exits import ExitCode
from sync.cli.frame.session import Session, source_named
from sync.lead import Invalid, Lead, Skip

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sources.base import Record
    from sync.cli.frame.printing import Printer
    from sync.runtime.previewing import Preview

EXAMPLES = (
    "leadrelay preview crm          # the first five records",
    "leadrelay preview crm -n 50    # more of them",
    "leadrelay preview crm --json | jq '.records[].lead'",
)
#: Characters of a value that are shown.
_LONGEST = 200


def preview(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Of which source.")],
    number: Annotated[int, typer.Option("-n", "--number", min=1, metavar="N", help="So many records.")] = 5,
) -> None:
    """Read a few live records and show what the mapping makes of each, or why it would not go.

    Shows the records as they are, names and phones with them. Nothing is remembered and nothing is sent.
    """
    from sync.cli.frame.running import placed
    from sync.runtime.previewing import preview as work

    session = Session.of(context)
    config = session.config()
    wanted = source_named(config, source)
    with placed(config, source):
        found = asyncio.run(work(config, wanted, number))
    reads = wanted.mapping.reads
    session.answer(_document(source, found), lambda printer: _show(printer, found, reads))
    for note in found.notes:
        session.note(f"{source}: {note}")
    if found.bad or any(isinstance(outcome, Invalid) for _, outcome in found.records):
        raise typer.Exit(ExitCode.NEEDS_YOU)


def _document(source: str, found: Preview) -> dict[str, Any]:
    return {
        "source": source,
        "records": [_one(record, outcome) for record, outcome in found.records],
        "bad": [str(each) for each in found.bad],
        "notes": found.notes,
    }


def _one(record: Record, outcome: Lead | Skip | Invalid) -> dict[str, Any]:
    lead = {**outcome.custom, **outcome.standard} if isinstance(outcome, Lead) else None
    return {
        "key": record.key,
        "where": record.where,
        "record": dict(record.fields),
        "lead": lead,
        "warnings": [str(each) for each in outcome.warnings] if isinstance(outcome, Lead) else [],
        "skipped": outcome.reason if isinstance(outcome, Skip) else None,
        "invalid": [str(each) for each in outcome.problems] if isinstance(outcome, Invalid) else [],
    }


def _show(printer: Printer, found: Preview, reads: Collection[str] | None) -> None:
    if not found.records and not found.bad:
        printer.line("There are no records.")
    for record, outcome in found.records:
        _show_one(printer, record, outcome, reads)
    for bad in found.bad:
        printer.parts(("can't be read  ", "red"), str(bad))


def _show_one(
    printer: Printer, record: Record, outcome: Lead | Skip | Invalid, reads: Collection[str] | None
) -> None:
    verdict = {Lead: ("goes", "green"), Skip: ("skipped", "dim"), Invalid: ("invalid", "yellow")}[
        type(outcome)
    ]
    where = f"  ({record.where})" if record.where else ""
    printer.parts((f"record {record.key}", "bold"), (where, "dim"), "  ", verdict)
    read = {name: record.fields[name] for name in record.fields if reads is None or name in reads}
    _fields(printer, read, "  ", "dim")
    if isinstance(outcome, Lead):
        printer.line("  becomes", "dim")
        _fields(
            printer, {**outcome.standard, **{f"custom.{k}": v for k, v in outcome.custom.items()}}, "    ", ""
        )
        for warning in outcome.warnings:
            printer.line(f"    left out: {warning}", "yellow")
    elif isinstance(outcome, Skip):
        printer.line(f"  {outcome.reason}")
    else:
        for problem in outcome.problems:
            printer.line(f"  {problem}", "yellow")
    printer.line()


def _fields(printer: Printer, fields: Mapping[str, Any], indent: str, style: str) -> None:
    width = max(map(len, fields), default=0)
    for name, value in fields.items():
        text = "" if value is None else str(value)
        text = f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text
        printer.parts(indent, (f"{name:<{width}}  ", style), text)
