"""``leadrelay init``: a project to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sync.cli.frame.failures import Refused
from sync.cli.frame.session import Session

if TYPE_CHECKING:
    from sync.cli.frame.first_project import FirstProject
    from sync.cli.frame.printing import Printer

EXAMPLES = (
    "leadrelay init                                     # in this directory, with an example of each source",
    "leadrelay init my-leads --source sql               # in a new one, with a database only",
    "leadrelay init --source spreadsheet --source rest",
    "leadrelay init --from leads.csv                    # around a file, with a first draft of its mapping",
    "leadrelay init --from 'postgresql://me:secret@db.example.com/shop#leads'",
    "leadrelay init --adapter mycrm                     # a package for a system that no source reads yet",
)
#: So many records are looked at for a draft.
_LOOKED_AT = 200


def init(
    context: typer.Context,
    directory: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help="Where; made if need be. Without one here, or with --adapter in leadrelay-NAME.",
        ),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option("--source", metavar="TYPE", help="Only sources of this type; may be repeated."),
    ] = None,
    origin: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FROM",
            help="Around these leads: a spreadsheet, or the URL of one or of a database, with #SHEET or "
            "#TABLE where there are several. In a project, the name of a source: drafts its mapping.",
        ),
    ] = None,
    adapter: Annotated[
        str | None,
        typer.Option(
            "--adapter",
            metavar="NAME",
            help="A package of yours instead, with a source type of this name and its tests, to be changed "
            "until it reads your system.",
        ),
    ] = None,
) -> None:
    """Write a starter connector.yaml, a mapping for each source, .env.example and .gitignore.

    With --from, some records are read, and the source and its mapping are drafted from them. With
    --adapter, an adapter is written that works with an API made up for it: docs/adapters.md walks through
    it. Nothing that is there is overwritten.
    """
    from sync.cli.frame.starter import starter_files

    session = Session.of(context)
    if adapter is not None:
        if source or origin is not None:
            raise Refused("--adapter writes a package; --source and --from are for a project")
        _adapter(session, directory, adapter)
        return
    directory = directory or Path()
    if origin is not None:
        _from(session, directory, origin, source)
        return
    files = starter_files(source or ())
    written = _write(directory, files)
    document = {"directory": str(directory), "files": [str(path) for path in written]}
    session.answer(document, lambda printer: _show(printer, directory, written, _named(files, source)))


def _adapter(session: Session, directory: Path | None, name: str) -> None:
    """Write a package with a source type of this name."""
    from sync.cli.frame.new_adapter import adapter_files, project_name

    files = adapter_files(name)
    place = directory or Path(project_name(name))
    written = _write(place, files)
    document = {"directory": str(place), "files": [str(path) for path in written]}
    session.answer(document, lambda printer: _show_adapter(printer, place, written, name))


def _show_adapter(printer: Printer, directory: Path, written: list[Path], name: str) -> None:
    for path in written:
        printer.line(f"wrote {path}")
    printer.line()
    printer.line(f"Next: pip install pytest pytest-asyncio -e {directory}; then: leadrelay sources {name}")
    printer.line(
        f"Its README.md says what is made up in it, and how to run its tests: {directory / 'README.md'}"
    )


def _from(session: Session, directory: Path, origin: str, types: list[str] | None) -> None:
    """Write a project around the leads that `--from` names, or a mapping for a source of this project."""
    if types:
        raise Refused("--from says what is read; --source is for a starter with examples")
    if session.chosen.config.exists() and directory == Path() and not _is_place(origin):
        _draft_mapping(session, origin)
        return
    from sync.cli.frame.first_project import first_project

    _refuse_what_is_there(directory, ["connector.yaml"])
    found = first_project(origin, directory, _LOOKED_AT)
    written = _write(directory, found.files)
    document = {"directory": str(directory), "files": [str(path) for path in written]}
    session.answer(document, lambda printer: _show_first(printer, directory, written, found))
    for note in found.suggestion.notes:
        session.note(note)


def _is_place(origin: str) -> bool:
    return "://" in origin or Path(origin).exists() or Path(origin.rpartition("#")[0]).is_file()


def _draft_mapping(session: Session, name: str) -> None:
    from sync.cli.suggest import drafted, unmapped, written

    wanted = unmapped(session, name)
    file = wanted.directory / wanted.options.mapping
    if file.exists():
        raise Refused(f"{wanted.options.mapping} is there already; nothing was written")
    written(file, drafted(wanted, _LOOKED_AT, session).text)
    document = {"directory": str(wanted.directory), "files": [str(file)]}
    session.answer(document, lambda printer: printer.line(f"wrote {file}"))


def _show_first(printer: Printer, directory: Path, written: list[Path], found: FirstProject) -> None:
    from sync.cli.frame.words import number_of

    for path in written:
        printer.line(f"wrote {path}")
    printer.line()
    choice = found.suggestion.choice
    printer.line(f"Guessed from {number_of(choice.records, 'record')}:")
    for name, field in choice.fields.items():
        doubt = f"  ({field.doubt})" if field.doubt else ""
        printer.line(f"  {name:<12} {', '.join(column.path for column in field.columns)}{doubt}")
    printer.line()
    printer.line("Yours to decide:")
    for line in _decisions(found):
        printer.line(f"  {line}")
    change = f"cd {directory}; " if directory != Path() else ""
    printer.line()
    printer.line(
        f"Next: {change}cp .env.example .env, fill it in, then: leadrelay check; "
        f"leadrelay preview {found.section.name}"
    )


def _decisions(found: FirstProject) -> list[str]:
    """Return what the program must not decide."""
    known, choice = found.section, found.suggestion.choice
    lines = ["first_sync in connector.yaml: what is to become of the leads that are there already"]
    if not choice.key:
        lines.append("key in connector.yaml: no column names a row for good")
    elif not choice.key_is_sure:
        lines.append(f"key in connector.yaml: {', '.join(known.key)} is a guess")
    if choice.naive_times:
        lines.append("timezone in connector.yaml: its times carry no zone")
    if choice.opt_outs:
        lines.append(f"where in mappings/{known.name}.yaml: who must not be texted")
    if known.variable:
        lines.append(f"{known.variable} in .env: the address given to --from, which was written nowhere")
    return lines


def _write(directory: Path, files: dict[str, str]) -> list[Path]:
    """Write all files, or none when one of them is there; .gitignore is only added to."""
    _refuse_what_is_there(directory, list(files))
    try:
        return [_write_one(directory / name, text) for name, text in files.items()]
    except OSError as error:
        raise Refused(f"{error.filename or directory} can't be written: {error.strerror}") from error


def _refuse_what_is_there(directory: Path, names: list[str]) -> None:
    theirs = [name for name in names if name != ".gitignore" and not name.endswith(".schema.json")]
    there = [name for name in theirs if (directory / name).exists()]
    if there:
        raise Refused(f"{directory / there[0]} is there already; nothing was written")


def _write_one(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.name == ".gitignore" and path.exists():
        before = path.read_text(encoding="utf-8")
        new = [line for line in text.splitlines() if line not in before.splitlines()]
        text = (
            before
            + ("" if not before or before.endswith("\n") else "\n")
            + "".join(f"{line}\n" for line in new)
        )
    path.write_text(text, encoding="utf-8")
    return path


def _named(files: dict[str, str], types: list[str] | None) -> list[str]:
    """Return the names of the sources that were asked for, by their types; none for the tour of all."""
    from sync.cli.frame.starter import source_names

    return source_names(files["connector.yaml"]) if types else []


def _show(printer: Printer, directory: Path, written: list[Path], names: list[str]) -> None:
    for path in written:
        printer.line(f"wrote {path}")
    change = f"cd {directory}; " if directory != Path() else ""
    printer.line()
    look = f"; leadrelay preview {names[0]}" if names else ""
    printer.line(f"Next: {change}cp .env.example .env, fill both files in, then: leadrelay check{look}")
    if names:
        draft = f"`leadrelay suggest {names[0]} --write --force`"
        printer.line(f"The mapping is an example; {draft} drafts one from your records.")
