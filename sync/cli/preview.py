"""``leadrelay preview``: a few live records, and what each would become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sync.cli.frame.exits import ExitCode
from sync.cli.frame.failures import Refused
from sync.cli.frame.session import Session
from sync.located_yaml import did_you_mean

if TYPE_CHECKING:
    from sync.config import SourceConfig
    from sync.runtime.previewing import Preview
    from sync.runtime.sampling import Choice

EXAMPLES = (
    "leadrelay preview crm                     # the first five records",
    "leadrelay preview crm --watch             # again on every save of the mapping",
    "leadrelay preview crm --only invalid      # the first five that would be set aside",
    "leadrelay preview crm --key 1042          # this one",
    "leadrelay preview crm --save-example 3    # the third of them, redacted, into the mapping's examples",
    "leadrelay preview crm --json | jq '.records[].came_from'",
)


def preview(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Of which source.")],
    number: Annotated[int, typer.Option("-n", "--number", min=1, metavar="N", help="So many records.")] = 5,
    key: Annotated[
        list[str] | None,
        typer.Option("--key", metavar="KEY", help="The record with this key; may be repeated."),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(
            "--only", metavar="KIND", help="Read on for records that are this: goes, skipped or invalid."
        ),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Show it again whenever the mapping or a file it names is saved.")
    ] = False,
    save_example: Annotated[
        int | None,
        typer.Option(
            "--save-example",
            min=1,
            metavar="N",
            help="Add the N-th record that is shown to the examples of the mapping file, redacted.",
        ),
    ] = None,
) -> None:
    """Read a few live records and show what the mapping makes of each and of what, or why it would not go.

    Shows the records as they are, names and phones with them. Nothing is remembered and nothing is sent. The
    endpoint and other sources need not be right yet.
    """
    session = Session.of(context)
    choice = _choice(number, key or [], only)
    if watch and (session.chosen.json or save_example is not None):
        raise Refused("--watch shows records until Ctrl-C; it goes with neither --json nor --save-example")
    if watch:
        from sync.cli.frame.preview_watch import watch_preview

        watch_preview(session, source, choice)
        return
    config, wanted = session.source(source)
    from sync.cli.frame.preview_read import read

    found = read(config, wanted, choice)
    if save_example is None:
        _answer(session, wanted, found)
        return
    from sync.cli.frame.preview_saving import save

    save(session, config, wanted, found, save_example)


def _choice(number: int, keys: list[str], only: str | None) -> Choice:
    from sync.runtime.previewing import KINDS
    from sync.runtime.sampling import Choice

    if only is not None and only not in KINDS:
        raise Refused(f'--only can\'t be "{only}"{did_you_mean(only, KINDS)}; there are: {", ".join(KINDS)}')
    if keys and only is not None:
        raise Refused("--key names records and --only looks for some; give one of them")
    return Choice(number, tuple(keys), only)


def _answer(session: Session, source: SourceConfig, found: Preview) -> None:
    from sync.cli.frame.preview_document import preview_document
    from sync.cli.frame.preview_show import show

    document = preview_document(source.name, found, source.mapping)
    session.answer(document, lambda printer: show(printer, found, source.mapping))
    for note in found.notes:
        session.note(f"{source.name}: {note}")
    if found.needs_you:
        raise typer.Exit(ExitCode.NEEDS_YOU)
