"""The JSON Schemas beside a project, and the line by which an editor finds them without a network."""

from __future__ import annotations

import json
from pathlib import PurePosixPath

_FOLDER = ".schemas"
_CONNECTOR, _MAPPING = f"{_FOLDER}/connector.schema.json", f"{_FOLDER}/mapping.schema.json"
_LINE = "# yaml-language-server: $schema="


def schema_files() -> dict[str, str]:
    """Return both schemas by the names of their files, with the adapters that are installed."""
    from sync.schemas import connector_schema, mapping_schema

    schemas = {_CONNECTOR: connector_schema(), _MAPPING: mapping_schema()}
    return {name: json.dumps(schema, indent=1, ensure_ascii=False) + "\n" for name, schema in schemas.items()}


def referring(name: str, text: str) -> str:
    """Return a YAML file with the line, as its first, that names its schema.

    Args:
        name: the file's, from the project's directory; all but connector.yaml are mappings.
        text: what it holds.

    """
    schema = _CONNECTOR if name == "connector.yaml" else _MAPPING
    up = "../" * (len(PurePosixPath(name).parts) - 1)
    return text if text.startswith(_LINE) else f"{_LINE}{up}{schema}\n{text}"
