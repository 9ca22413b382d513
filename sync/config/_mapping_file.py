"""The mapping file of a source."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from sync.located_yaml import ConfigError, did_you_mean, shown
from sync.mapping import load_mapping

if TYPE_CHECKING:
    from datetime import tzinfo

    from sync.config._document import Document
    from sync.located_yaml import Path
    from sync.mapping import Mapping


def read_mapping(document: Document, at: Path, directory: FilePath, timezone: tzinfo) -> Mapping | None:
    """Return a source's compiled mapping; what is wrong with it is noted, once for each file."""
    path = (*at, "mapping")
    name = document.value(path)
    if not isinstance(name, str) or not name.strip() or path in document.broken:
        return None  # said by the model of the options
    file = directory / FilePath(name).expanduser()
    if not file.is_file():
        document.refuse(path, _absent(document.shown(path), file, directory))
        return None
    try:
        return load_mapping(file, timezone=timezone)
    except ConfigError as error:
        document.add(error.problems)
        return None


def _absent(written: str | None, file: FilePath, directory: FilePath) -> str:
    """Say that there is no such file, and which there are."""
    if written is None:
        return "there is no file of the name that its variable holds"
    if file.is_dir():
        return f"{shown(file)} is a directory; expected a mapping file"
    beside = sorted(file.parent.glob("*.y*ml")) if file.parent.is_dir() else []
    names = [str(each.relative_to(directory)) for each in beside if each.is_relative_to(directory)]
    return f"there is no file {shown(file)}{did_you_mean(written, names)}"
