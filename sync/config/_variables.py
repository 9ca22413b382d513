"""The variables that values may come from: the environment and, behind it, the `.env` beside the file."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.config._override_names import TOKEN_KEY
from sync.located_yaml import ConfigError, ConfigProblem, Mark, read_text, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NAME = ".env"


@dataclass(frozen=True, slots=True)
class Variables:
    """Variables by name; what they hold never appears in a message or in ``repr``."""

    values: Mapping[str, str] = field(repr=False)
    #: Where a variable stands, for those that come from `.env`.
    marks: Mapping[str, Mark] = field(default_factory=dict)
    #: What is wrong with `.env`; the lines that are right still count.
    problems: tuple[ConfigProblem, ...] = ()


def read_variables(directory: Path, environ: Mapping[str, str]) -> Variables:
    """Return the environment, completed by what the directory's `.env` says.

    Values of `.env` are taken as they are written there: a ``$`` in a password is a ``$``.
    """
    path = directory / NAME
    if not path.is_file():
        return Variables(dict(environ))
    try:
        text = read_text(path)
    except ConfigError as error:
        return Variables(dict(environ), problems=tuple(error.problems))
    found: dict[str, str] = {}
    marks: dict[str, Mark] = {}
    problems: list[ConfigProblem] = []
    for name, value, mark in _bindings(text, shown(path)):
        if name is None:
            message = "expected NAME=value; a value with spaces or # is in quotes"
            problems.append(ConfigProblem("", message, mark))
        elif value is not None:
            found[name], marks[name] = value, mark
    if TOKEN_KEY in found and TOKEN_KEY not in environ:
        message = "counts in the environment only: here, beside the tokens, it would lock nothing"
        problems.append(ConfigProblem("", message, marks[TOKEN_KEY], TOKEN_KEY))
    mine = {name: mark for name, mark in marks.items() if name not in environ}
    return Variables({**found, **environ}, mine, tuple(problems))


def _bindings(text: str, file: str) -> Iterator[tuple[str | None, str | None, Mark]]:
    """Yield the name and the value of every line that sets one; no name for a line that can't be read."""
    from dotenv.parser import parse_stream

    for binding in parse_stream(io.StringIO(text)):
        # The parser counts blank lines and comments before a variable as part of it.
        blank = len(binding.original.string) - len(binding.original.string.lstrip())
        line = binding.original.line + binding.original.string[:blank].count("\n")
        if binding.error or binding.key:
            yield None if binding.error else binding.key, binding.value, Mark(file, line, 1)
