"""``leadrelay init``: a project to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sync.cli.frame.failures import Refused
from sync.cli.frame.session import Session

if TYPE_CHECKING:
    from sync.cli.frame.printing import Printer

EXAMPLES = (
    "leadrelay init                                     # in this directory, with an example of each source",
    "leadrelay init my-leads --source sql               # in a new one, with a database only",
    "leadrelay init --source spreadsheet --source rest",
)


def init(
    context: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where; made if need be.")] = Path(),
    source: Annotated[
        list[str] | None,
        typer.Option("--source", metavar="TYPE", help="Only sources of this type; may be repeated."),
    ] = None,
) -> None:
    """Write a starter connector.yaml, a mapping for each source, .env.example and .gitignore.

    Nothing that is there is overwritten.
    """
    from sync.cli.frame.starter import starter_files

    session = Session.of(context)
    files = starter_files(source or ())
    written = _write(directory, files)
    document = {"directory": str(directory), "files": [str(path) for path in written]}
    session.answer(document, lambda printer: _show(printer, directory, written))


def _write(directory: Path, files: dict[str, str]) -> list[Path]:
    """Write all files, or none when one of them is there; .gitignore is only added to."""
    there = [name for name in files if name != ".gitignore" and (directory / name).exists()]
    if there:
        raise Refused(f"{directory / there[0]} is there already; nothing was written")
    try:
        return [_write_one(directory / name, text) for name, text in files.items()]
    except OSError as error:
        raise Refused(f"{error.filename or directory} can't be written: {error.strerror}") from error


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


def _show(printer: Printer, directory: Path, written: list[Path]) -> None:
    for path in written:
        printer.line(f"wrote {path}")
    change = f"cd {directory}; " if directory != Path() else ""
    printer.line()
    printer.line(f"Next: {change}cp .env.example .env, fill both files in, then: leadrelay check")
