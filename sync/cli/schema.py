"""``leadrelay schema``: for the editor."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from sync.cli.frame.failures import Refused
from sync.cli.frame.json_output import write_json
from sync.cli.frame.session import Session

EXAMPLES = (
    "leadrelay schema connector > connector.schema.json",
    "leadrelay schema mapping > mapping.schema.json",
    "leadrelay schema --write               # both, where the files of `init` look for them",
)


class File(StrEnum):
    """A kind of file."""

    CONNECTOR = "connector"
    MAPPING = "mapping"


def schema(
    context: typer.Context,
    file: Annotated[
        File, typer.Argument(metavar="[connector|mapping]", help="Of which file.")
    ] = File.CONNECTOR,
    write: Annotated[
        bool, typer.Option("--write", help="Write both into .schemas/ beside connector.yaml instead.")
    ] = False,
) -> None:
    """Print the JSON Schema of connector.yaml or of a mapping file.

    An editor that knows it completes keys and marks mistakes while you type. The files that `init` writes
    name theirs in their first line; in others put "# yaml-language-server: $schema=" there, and the path.
    After an upgrade, or when an adapter was installed, --write brings them up to date.
    """
    session = Session.of(context)
    if write:
        _write(session)
        return
    from sync.schemas import connector_schema, mapping_schema

    write_json(connector_schema() if file is File.CONNECTOR else mapping_schema())


def _write(session: Session) -> None:
    from sync.cli.frame.editor_schemas import schema_files

    paths = {session.chosen.config.parent / name: text for name, text in schema_files().items()}
    try:
        for path, text in paths.items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refused(f"{error.filename} can't be written: {error.strerror}") from error
    written = [str(path) for path in paths]
    said = "\n".join(f"wrote {path}" for path in written)
    session.answer({"files": written}, lambda printer: printer.line(said))
