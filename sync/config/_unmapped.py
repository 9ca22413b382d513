"""One source of the file without its mapping, for those who are about to write that."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sources.errors import BadConfig
from sync.config._load import read_document
from sync.config._section import for_model, names_in, section_at, type_of
from sync.config.catalog import installed
from sync.config.options import OPTION_NAMES, SourceOptions
from sync.located_yaml import ConfigError, ConfigProblem, dotted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sources.base import Source, SourceSettings
    from sync.config._document import Document
    from sync.config.catalog import Catalog


@dataclass(frozen=True, slots=True)
class UnmappedSource:
    """A source as `SourceConfig` has it, whatever its mapping and the rest of the file are like."""

    name: str
    adapter: type[Source]
    options: SourceOptions = field(repr=False)
    settings: SourceSettings = field(repr=False)
    #: What relative paths in the file are relative to.
    directory: Path
    #: The columns that its key is made of, where its settings name them.
    key: tuple[str, ...] = ()


class NoSuchSource(LookupError):
    """The file names no such source; ``names`` says which there are."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        super().__init__("no such source")


def load_unmapped(
    path: Path, name: str, environ: Mapping[str, str] | None = None, *, catalog: Catalog | None = None
) -> UnmappedSource:
    """Read one source of connector.yaml; what is wrong elsewhere in the file is let be.

    Args:
        path: the file.
        name: the source's.
        environ: the environment; None for the process's own.
        catalog: the types there are; None for what is installed.

    Raises:
        NoSuchSource: when the file has none of this name.
        ConfigError: with everything that is wrong with it.

    """
    document = read_document(Path(path), os.environ if environ is None else environ)
    if name not in names_in(document, "sources"):
        raise NoSuchSource(names_in(document, "sources"))
    found = _read(document, catalog or installed(), name, Path(path).parent.absolute())
    wrong = [problem for problem in document.sorted_problems() if is_about(problem, name)]
    if wrong or found is None:
        raise ConfigError(wrong or document.sorted_problems())
    return found


def _read(document: Document, catalog: Catalog, name: str, directory: Path) -> UnmappedSource | None:
    at = ("sources", name)
    data = section_at(document, at)
    kind = data and type_of(document, at, catalog.source_names())
    adapter = _adapter(document, catalog, at, kind) if kind else None
    if data is None or adapter is None:
        return None
    settings = document.validate(
        adapter.Settings, for_model(adapter.Settings, data, OPTION_NAMES), at, OPTION_NAMES
    )
    shared = {key: value for key, value in data.items() if key in OPTION_NAMES}
    # What is to become of the leads that are there already is nothing that reading some needs to know.
    shared["first_sync"] = shared.get("first_sync") or "now"
    options = document.validate(SourceOptions, shared, at)
    if settings is None or options is None:
        return None
    return UnmappedSource(name, adapter, options, settings, directory, _key(settings))


def _adapter(document: Document, catalog: Catalog, at: tuple[str, str], kind: str) -> type[Source] | None:
    try:
        return catalog.load_source(kind)
    except BadConfig as error:
        document.refuse((*at, "type"), str(error))
        return None


def _key(settings: Any) -> tuple[str, ...]:
    """Return the key's columns, of an adapter that calls them so."""
    columns = getattr(settings, "key_columns", None)
    if isinstance(columns, tuple):
        return columns
    key = getattr(settings, "key", None)
    return (key,) if isinstance(key, str) else tuple(key) if isinstance(key, (list, tuple)) else ()


def is_about(problem: ConfigProblem, name: str) -> bool:
    """Tell whether a problem is one of a source's section."""
    path = dotted(("sources", name))
    return problem.path == path or problem.path.startswith(f"{path}.")
