"""One source of the file with its mapping, for those who only look at its records.

What a record would become can be seen before anybody has a key of the endpoint, and while another source
is being written.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from sync.config._config import Config
from sync.config._load import DEFAULT_STATE, read_document
from sync.config._section import names_in
from sync.config._sources import read_source
from sync.config._unmapped import NoSuchSource, is_about
from sync.config.catalog import installed
from sync.config.state import parse_state
from sync.located_yaml import ConfigError, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.config.catalog import Catalog
    from sync.located_yaml import ConfigProblem


def load_source(
    path: Path, name: str, environ: Mapping[str, str] | None = None, *, catalog: Catalog | None = None
) -> Config:
    """Read one source of connector.yaml and its mapping; what is wrong elsewhere in the file is let be.

    Args:
        path: the file.
        name: the source's.
        environ: the environment; None for the process's own.
        catalog: the types there are; None for what is installed.

    Returns:
        A configuration of this source alone: without endpoints, and with the state of the default.

    Raises:
        NoSuchSource: when the file has none of this name.
        ConfigError: with everything that is wrong with it and its mapping.

    """
    path = Path(path)
    directory = path.parent.absolute()
    document = read_document(path, os.environ if environ is None else environ)
    if name not in names_in(document, "sources"):
        raise NoSuchSource(names_in(document, "sources"))
    found = read_source(document, catalog or installed(), name, directory, looking=True)
    problems = document.sorted_problems()
    wrong = [each for each in problems if is_about(each, name) or _is_in_another_file(each, path)]
    if wrong or found is None:
        raise ConfigError(wrong or problems)
    state, sources = parse_state(DEFAULT_STATE, directory), MappingProxyType({name: found})
    return Config(path, directory, MappingProxyType({}), state, sources, document.written)


def _is_in_another_file(problem: ConfigProblem, path: Path) -> bool:
    """Tell whether a problem is one of the mapping, of a file that it reads, or of .env."""
    return problem.mark is not None and problem.mark.file != shown(path)
