"""The variables that values may come from: the environment and, behind it, the `.env` beside the file."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.located_yaml import ConfigError, ConfigProblem, Mark, read_text, shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = ".env"


@dataclass(frozen=True, slots=True)
class Variables:
    """Variables by name; what they hold never appears in a message or in ``repr``."""

    values: Mapping[str, str] = field(repr=False)
    #: Where a variable stands, for those that come from `.env`.
    marks: Mapping[str, Mark] = field(default_factory=dict)


def read_variables(directory: Path, environ: Mapping[str, str]) -> Variables:
    """Return the environment, completed by what the directory's `.env` says.

    Values of `.env` are taken as they are written there: a ``$`` in a password is a ``$``.

    Raises:
        ConfigError: when there is a `.env` that can't be read, with every line that can't.

    """
    path = directory / NAME
    if not path.is_file():
        return Variables(dict(environ))
    found: dict[str, str] = {}
    marks: dict[str, Mark] = {}
    for name, value, mark in _bindings(path):
        found[name], marks[name] = value, mark
    mine = {name: mark for name, mark in marks.items() if name not in environ}
    return Variables({**found, **environ}, mine)


def _bindings(path: Path) -> list[tuple[str, str, Mark]]:
    from dotenv.parser import parse_stream

    file = shown(path)
    found: list[tuple[str, str, Mark]] = []
    problems: list[ConfigProblem] = []
    for binding in parse_stream(io.StringIO(read_text(path))):
        # The parser counts blank lines and comments before a variable as part of it.
        blank = len(binding.original.string) - len(binding.original.string.lstrip())
        line = binding.original.line + binding.original.string[:blank].count("\n")
        mark = Mark(file, line, 1)
        if binding.error:
            problems.append(
                ConfigProblem("", "expected NAME=value; a value with spaces or # is in quotes", mark)
            )
        elif binding.key and binding.value is not None:
            found.append((binding.key, binding.value, mark))
    if problems:
        raise ConfigError(problems)
    return found
