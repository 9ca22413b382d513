"""``leadrelay schema``: for the editor."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from sync.cli.frame.json_output import write_json

EXAMPLES = (
    "leadrelay schema connector > connector.schema.json",
    "leadrelay schema mapping > mapping.schema.json",
)


class File(StrEnum):
    """A kind of file."""

    CONNECTOR = "connector"
    MAPPING = "mapping"


def schema(
    file: Annotated[
        File, typer.Argument(metavar="[connector|mapping]", help="Of which file.")
    ] = File.CONNECTOR,
) -> None:
    """Print the JSON Schema of connector.yaml or of a mapping file.

    An editor that knows it completes keys and marks mistakes while you type. In VS Code, put
    "# yaml-language-server: $schema=connector.schema.json" in the first line of the file.
    """
    from sync.schemas import connector_schema, mapping_schema

    write_json(connector_schema() if file is File.CONNECTOR else mapping_schema())
