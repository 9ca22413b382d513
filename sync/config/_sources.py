"""The sources of the file, each read with the shared options and the model of its adapter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sources.errors import BadConfig
from sync.config._config import SourceConfig
from sync.config._endpoints import endpoint_paths
from sync.config._mapping_file import read_mapping
from sync.config._section import for_model, names_in, section_at, type_of
from sync.config.options import DEFAULT_ENDPOINT, FIRST_SYNC, OPTION_NAMES, SourceOptions
from sync.located_yaml import did_you_mean, quoted
from sync.zones import parse_zone

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path as FilePath

    from sources.base import Source, SourceSettings
    from sync.config._document import Document
    from sync.config.catalog import Catalog
    from sync.located_yaml import Path


def read_sources(document: Document, catalog: Catalog, directory: FilePath) -> dict[str, SourceConfig]:
    """Return the sources that are right; what is wrong with the others is noted."""
    names = names_in(document, "sources")
    if not document.located.has(("sources",)):
        document.refuse(("sources",), "is required: where the leads come from")
    elif not names:
        document.refuse(("sources",), "expected a section with a name for each source")
    found = {name: read_source(document, catalog, name, directory) for name in names}
    return {name: source for name, source in found.items() if source}


def read_source(
    document: Document, catalog: Catalog, name: str, directory: FilePath, *, looking: bool = False
) -> SourceConfig | None:
    """Return a source if it is right; what is wrong with it is noted.

    Args:
        document: the file.
        catalog: the types there are.
        name: the source's.
        directory: what relative paths are relative to.
        looking: whether its records are only looked at, so that it need not be said yet what is to become
            of those that are there.

    """
    at: Path = ("sources", name)
    data = section_at(document, at)
    if data is None:
        return None
    adapter = _adapter(document, catalog, at)
    settings = _settings(document, at, data, adapter) if adapter else None
    options = _options(document, at, {"first_sync": "now", **_said(data)} if looking else data)
    endpoint = _endpoint_name(document, at, data.get("endpoint"))
    mapping = read_mapping(document, at, directory, options.timezone if options else _zone(data))
    if adapter is None or settings is None or options is None or mapping is None:
        return None
    mark = document.located.key_mark(at)
    return SourceConfig(name, options.type, adapter, options, settings, mapping, endpoint, mark)


def _adapter(document: Document, catalog: Catalog, at: Path) -> type[Source] | None:
    path = (*at, "type")
    try:
        kind = type_of(document, at, catalog.source_names())
        return catalog.load_source(kind) if kind else None
    except BadConfig as error:
        document.refuse(path, str(error))
        return None


def _settings(
    document: Document, at: Path, data: Mapping[str, Any], adapter: type[Source]
) -> SourceSettings | None:
    mine = for_model(adapter.Settings, data, OPTION_NAMES)
    return document.validate(adapter.Settings, mine, at, OPTION_NAMES)


def _options(document: Document, at: Path, data: Mapping[str, Any]) -> SourceOptions | None:
    shared = {key: value for key, value in data.items() if key in OPTION_NAMES}
    lacking = [key for key in ("type", "first_sync") if shared.get(key) is None]
    if "first_sync" in lacking:
        document.refuse((*at, "first_sync"), f"is required: {FIRST_SYNC}")
    # What is lacking has been said, in better words; the rest is still checked.
    options = document.validate(SourceOptions, {**shared, **dict.fromkeys(lacking, "now")}, at)
    return None if lacking else options


def _said(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}


def _zone(data: Mapping[str, Any]) -> ZoneInfo:
    """Return the zone to check a mapping with while other options are wrong."""
    try:
        return parse_zone(data.get("timezone", "UTC"))
    except ValueError:
        return ZoneInfo("UTC")


def _endpoint_name(document: Document, at: Path, wanted: Any) -> str:
    """Return the name of a source's endpoint; what is wrong with it is noted."""
    paths = endpoint_paths(document)
    names = ", ".join(paths)
    path = (*at, "endpoint")
    if wanted is None:
        if len(paths) > 1:
            document.refuse(path, f"is required with more than one endpoint; there are: {names}")
        return next(iter(paths), DEFAULT_ENDPOINT)
    if isinstance(wanted, str) and wanted not in paths and paths:
        written = document.shown(path)
        which = f" {quoted(written)}{did_you_mean(written, paths)}" if written else " of this name"
        document.refuse(path, f"there is no endpoint{which}; there are: {names}")
    return str(wanted)
