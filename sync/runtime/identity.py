"""What a source or an endpoint is: the settings that tell it from another one, without any secret."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

if TYPE_CHECKING:
    from pathlib import Path

    from sync.config import EndpointConfig, SourceConfig
    from sync.store.identities import Facts

#: Settings that say which records a source reads. All others only say how, and are free to change.
_WHICH = ("url", "base_url", "path", "schema", "table", "query", "sheet", "key")
#: The same of an endpoint: which account, and at which server.
_ACCOUNT = ("department_id", "base_url", "url")
#: Longer values are known by a digest.
_LONGEST = 60
#: Names that people write for one and the same kind of database.
_SAME_KIND = {"postgres": "postgresql", "mariadb": "mysql", "sqlserver": "mssql"}
#: Databases that are files, and the option that names one where the path does not.
_FILES, _NAMED_BY = ("sqlite", "duckdb"), "service_name"
_WEB = frozenset({"http", "https"})
#: What names a document or a sheet in the query of a web address, where all of a site have one path:
#: SharePoint's Doc.aspx, Google's sheets and downloads. All else in a query may change: tokens, for example.
_NAMING = ("sourcedoc", "gid", "id")


def source_facts(source: SourceConfig, directory: Path) -> Facts:
    """Return what a source is, by the names of the settings that say it; None where one is left out."""
    names = getattr(source.adapter, "identity", _WHICH)  # see `sources.base.HasIdentity`
    said = {name: _shown(name, value, directory) for name, value in _given(source.settings, names).items()}
    return {"type": source.type, "endpoint": source.endpoint, **said}


def endpoint_facts(endpoint: EndpointConfig) -> Facts:
    """Return what an endpoint is: its type, its account, and its server."""
    given = _given(endpoint.settings, _ACCOUNT)
    said: Facts = {"type": endpoint.type}
    for name, value in given.items():
        said[name] = urlsplit(str(value)).hostname if name == "base_url" else _plain(name, str(value))
    return said


def first_sync_of(source: SourceConfig) -> str:
    """Return ``first_sync`` as text."""
    first = source.options.first_sync
    return first.isoformat() if isinstance(first, datetime) else first


def _given(settings: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the settings of these names that the model has, as connector.yaml calls them."""
    found = {}
    for attribute, field in type(settings).model_fields.items():
        name = field.alias or attribute
        if name in names:
            found[name] = getattr(settings, attribute)
    return {name: found[name] for name in names if name in found}


def _shown(name: str, value: Any, directory: Path) -> str | None:
    if value is None:
        return None
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    hidden = isinstance(value, SecretStr)
    text = " ".join(str(value.get_secret_value() if hidden else value).split())
    if hidden and "://" not in text:
        return f"{name}#{_mark(text)}"
    if "://" in text and urlsplit(text).scheme.lower() not in _WEB:
        return _database(name, text, directory)
    return _file(text, directory) if name == "path" and "://" not in text else _plain(name, text)


def _plain(name: str, text: str) -> str:
    """Return a text, unless it is long; of a web address the host only: the rest may be a secret."""
    if "://" in text:
        parts = urlsplit(text)
        path = parts.path.rstrip("/") + _named_in(parts.query)
        return f"{parts.hostname}#{_mark(path)}" if path else str(parts.hostname)
    return text if len(text) <= _LONGEST else f"{name}#{_mark(text)}"


def _named_in(query: str) -> str:
    said = parse_qs(query)
    return "".join(f"?{name}={','.join(said[name])}" for name in _NAMING if name in said)


def _database(name: str, text: str, directory: Path) -> str:
    """Return which database a URL names, without user, password, driver and options."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        return f"{name}#{_mark(text)}"
    kind = _SAME_KIND.get(url.get_backend_name(), url.get_backend_name())
    if kind in _FILES:
        return f"{kind}:///{_file((url.database or '').removeprefix('file:'), directory)}"
    port = f":{url.port}" if url.port else ""
    return f"{kind}://{url.host or ''}{port}/{url.database or url.query.get(_NAMED_BY, '')}"


def _file(text: str, directory: Path) -> str:
    """Return a path relative to connector.yaml where it is below it, so that the whole may be moved."""
    path = os.path.normpath(directory / os.path.expanduser(text))  # noqa: PTH111 - a glob as well
    below = os.path.relpath(path, directory)
    return path if below.startswith("..") else below


def _mark(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=3).hexdigest()
