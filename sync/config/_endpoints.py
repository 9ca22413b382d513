"""The endpoints of the file, each read with the model of its type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.config._config import EndpointConfig
from sync.config._section import for_model, names_in, section_at, type_of
from sync.config.options import DEFAULT_ENDPOINT

if TYPE_CHECKING:
    from sync.config._document import Document
    from sync.config.catalog import Catalog
    from sync.located_yaml import Path


def endpoint_paths(document: Document) -> dict[str, Path]:
    """Return where each endpoint stands, by its name; the faulty ones too."""
    named: dict[str, Path] = {name: ("endpoints", name) for name in names_in(document, "endpoints")}
    return {DEFAULT_ENDPOINT: ("endpoint",)} if document.located.has(("endpoint",)) else named


def read_endpoints(document: Document, catalog: Catalog) -> dict[str, EndpointConfig]:
    """Return the endpoints that are right; what is wrong with the others is noted."""
    single, several = (document.located.has((key,)) for key in ("endpoint", "endpoints"))
    if single and several:
        document.refuse(("endpoints",), "there is endpoint: as well; keep one of the two")
    elif not single and not several:
        document.refuse(("endpoint",), "is required: where the leads go")
    elif several and not names_in(document, "endpoints"):
        document.refuse(("endpoints",), "expected a section with a name for each endpoint")
    found = {name: _endpoint(document, catalog, name, at) for name, at in endpoint_paths(document).items()}
    return {name: endpoint for name, endpoint in found.items() if endpoint}


def _endpoint(document: Document, catalog: Catalog, name: str, at: Path) -> EndpointConfig | None:
    data = section_at(document, at)
    types = catalog.endpoints()
    kind = type_of(document, at, types) if data is not None else None
    if data is None or kind is None:
        return None
    adapter = types[kind]
    model = adapter.Settings
    settings = document.validate(model, for_model(model, data, ("type",)), at, ("type",))
    if settings is None:
        return None
    return EndpointConfig(name, kind, adapter, settings, document.located.key_mark(at))
