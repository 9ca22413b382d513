"""From the file to the configuration, or to everything that is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sync.config._apply import apply_overrides
from sync.config._config import Config
from sync.config._document import Document
from sync.config._endpoints import read_endpoints
from sync.config._hooks import read_hooks
from sync.config._interpolation import fill
from sync.config._override_names import SECTIONS
from sync.config._sources import read_sources
from sync.config._variables import Variables, read_variables
from sync.config.catalog import Catalog, installed
from sync.config.state import State, parse_state
from sync.located_yaml import ConfigError, ConfigProblem, Located, did_you_mean, read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_STATE = "sqlite:///leadrelay.db"


def load_config(
    path: Path, environ: Mapping[str, str] | None = None, *, catalog: Catalog | None = None
) -> Config:
    """Read connector.yaml, its variables and its mappings.

    Args:
        path: the file. Relative paths in it are relative to its directory.
        environ: the environment; None for the process's own.
        catalog: the types there are; None for what is installed.

    Raises:
        ConfigError: with everything that is wrong in all of the files.

    """
    path = Path(path)
    directory = path.parent.absolute()
    document = read_document(path, os.environ if environ is None else environ)
    catalog = catalog or installed()
    endpoints = read_endpoints(document, catalog)
    state = _state(document, directory)
    sources = read_sources(document, catalog, directory)
    hooks = read_hooks(document, sources)
    if document.problems or state is None or hooks is None:
        raise ConfigError(document.sorted_problems())
    return Config(
        path,
        directory,
        MappingProxyType(endpoints),
        state,
        MappingProxyType(sources),
        document.written,
        hooks,
    )


def read_document(path: Path, environ: Mapping[str, str]) -> Document:
    """Return the file with its variables put in, and what is wrong so far.

    Raises:
        ConfigError: when it can't be read at all.

    """
    return _document(*_read(path, environ))


def _read(path: Path, environ: Mapping[str, str]) -> tuple[Located, Variables]:
    """Return the file and the variables; what is wrong with either is said together."""
    variables = read_variables(path.parent, environ)
    try:
        located = read_yaml(path)
    except ConfigError as error:
        raise ConfigError([*error.problems, *variables.problems]) from None
    if not isinstance(located.data, dict):
        what = "is empty" if located.data is None else "is not a section of keys"
        problem = ConfigProblem("", f"{what}; expected endpoint, state and sources", located.mark())
        raise ConfigError([problem, *variables.problems])
    return located, variables


def _document(written: Located, variables: Variables) -> Document:
    """Return the document with everything put in, and all that is wrong so far."""
    applied = apply_overrides(written.data, variables.values)
    filled = fill(applied.data, variables.values, skip=applied.variables)
    located = written.with_data(filled.data)
    overridden: dict[Any, str] = {path: str(located.value(path)) for path in applied.variables}
    document = Document(
        written=written,
        located=located,
        hidden={**filled.hidden, **overridden},
        overridden=applied.variables,
        broken=frozenset(),
        marks=variables.marks,
    )
    document.add(variables.problems)
    for variable, problem in applied.problems.items():
        document.add([ConfigProblem("", problem, variables.marks.get(variable), variable)])
    for path, problem in filled.problems.items():
        document.refuse(path, problem)
    document.broken = frozenset(filled.problems)
    for key in located.data:
        if key not in SECTIONS:
            close = did_you_mean(key, SECTIONS)
            document.refuse_key((key,), f"unknown key{close}; there are: {', '.join(SECTIONS)}")
    return document


def _state(document: Document, directory: Path) -> State | None:
    value = document.value(("state",))
    if value is None and document.located.has(("state",)):
        document.refuse(("state",), "is empty; leave it out for " + DEFAULT_STATE)
        return None
    try:
        if not isinstance(value, str | None):
            raise ValueError("expected a database URL as text")  # noqa: TRY004, TRY301 - one way to refuse
        return parse_state(value or DEFAULT_STATE, directory)
    except ValueError as error:
        document.refuse(("state",), str(error))
        return None
