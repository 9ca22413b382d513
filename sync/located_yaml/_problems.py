"""What can be wrong in a file, where, and how it is said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: The way to a value: keys of mappings and indices of lists, from the top.
Path: TypeAlias = "tuple[str | int, ...]"

_PLAIN_KEY = re.compile(r"[\w$-]{1,60}")
#: Characters of somebody's text that a message repeats at most.
_LONGEST = 60


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        """Return ``file:line:column``, which editors and terminals turn into a link."""
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """One thing that is wrong."""

    #: Which setting, as in ``sources.crm.schedule``; empty when it is about the file.
    path: str
    #: What is wrong, what was expected, what is there instead.
    message: str
    #: Where; None when no file is at fault.
    mark: Mark | None = None
    #: The variable that is at fault, when the value comes from one.
    variable: str | None = None

    def __str__(self) -> str:
        """Return ``file:line:column: path: message`` without the parts that are not known."""
        parts = (self.mark, self.variable, self.path, self.message)
        return ": ".join(str(part) for part in parts if part)


class ConfigError(Exception):
    """Files or variables are wrong; ``problems`` holds everything that is, in reading order."""

    def __init__(self, problems: Iterable[ConfigProblem]) -> None:
        self.problems: list[ConfigProblem] = list(problems)
        super().__init__("\n".join(map(str, self.problems)))


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return `` (did you mean "x"?)`` for the choice most like the word, or nothing."""
    import difflib

    folded = {choice.casefold(): choice for choice in choices}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return f' (did you mean "{folded[close[0]]}"?)' if close else ""


def quoted(text: str) -> str:
    """Return text in double quotes for a message: not longer than a line, and nothing but what prints."""
    text = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    return f'"{text}"' if len(text) <= _LONGEST else f'"{text[:_LONGEST]}…"'


def dotted(path: Sequence[str | int]) -> str:
    """Return a path the way messages show it: ``sources.crm.columns[2]``, ``custom["Lead ID"]``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _PLAIN_KEY.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f"[{quoted(part)}]"
    return text
