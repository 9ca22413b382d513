"""``leadrelay suggest``: a first draft of a source's mapping."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sync.cli.frame.failures import Refused
from sync.cli.frame.session import Session

if TYPE_CHECKING:
    from pathlib import Path

    from sync.config import UnmappedSource
    from sync.runtime.suggesting import Suggestion

EXAMPLES = (
    "leadrelay suggest crm                  # print a draft",
    "leadrelay suggest crm --write          # write it where connector.yaml says, if nothing is there",
    "leadrelay suggest crm -n 2000 --json | jq .fields",
)


def suggest(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Of which source.")],
    number: Annotated[
        int, typer.Option("-n", "--number", min=1, metavar="N", help="Look at so many records.")
    ] = 200,
    write: Annotated[bool, typer.Option("--write", help="Write it to the source's mapping file.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Also over a file that is there.")] = False,
) -> None:
    """Draft a mapping for a source, from the names of its columns and what some records hold.

    Says what it is unsure of. Its mapping file need not be there yet. Nothing is sent.
    """
    session = Session.of(context)
    wanted = unmapped(session, source)
    file = wanted.directory / wanted.options.mapping
    if write and file.exists() and not force:
        raise Refused(f"{wanted.options.mapping} is there already; --force writes over it")
    found = drafted(wanted, number, session)
    if write:
        written(file, found.text)
    session.answer(_document(wanted, found, write=write), lambda _printer: _show(file, found, write=write))
    for note in found.notes:
        session.note(f"{source}: {note}")


def unmapped(session: Session, name: str) -> UnmappedSource:
    """Return a source of connector.yaml, whether or not its mapping is there.

    Raises:
        Refused: when there is no such file or no such source.
        ConfigError: with everything that is wrong with it.

    """
    from sync.config import NoSuchSource, load_unmapped
    from sync.located_yaml import did_you_mean

    path = session.chosen.config
    if not path.exists():
        raise Refused(f"there is no {path} here; `leadrelay init --from {name}` begins one from a file")
    try:
        return load_unmapped(path, name)
    except NoSuchSource as error:
        close = did_you_mean(name, error.names)
        raise Refused(f'there is no source "{name}"{close}; there are: {", ".join(error.names)}') from None


def drafted(source: UnmappedSource, number: int, session: Session) -> Suggestion:
    """Return the draft for a source.

    Raises:
        Refused: when nothing can be made of it.
        SourceError: when it can't be read.

    """
    from sources.errors import BadConfig
    from sync.cli.frame.first_project import nobody
    from sync.runtime.suggesting import NobodyToReach
    from sync.runtime.suggesting import suggest as work

    try:
        return asyncio.run(work(source, number))
    except NobodyToReach as error:
        raise Refused(nobody(error)) from None
    except BadConfig as error:
        raise Refused(f"{session.chosen.config}: sources.{source.name}: {error}") from error


def written(file: Path, text: str) -> None:
    """Write a mapping.

    Raises:
        Refused: when it can't be written.

    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refused(f"{file} can't be written: {error.strerror}") from error


def _document(source: UnmappedSource, found: Suggestion, *, write: bool) -> dict[str, Any]:
    fields = {
        name: {"columns": [column.path for column in field.columns], "doubt": field.doubt or None}
        for name, field in found.choice.fields.items()
    }
    return {
        "source": source.name,
        "mapping": source.options.mapping,
        "written": write,
        "records": found.choice.records,
        "fields": fields,
        "yaml": found.text,
        "notes": list(found.notes),
    }


def _show(file: Path, found: Suggestion, *, write: bool) -> None:
    # Not by the printer: a draft is a file, and no line of it may be broken or styled.
    typer.echo(f"wrote {file}" if write else found.text, nl=write)
