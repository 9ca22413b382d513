"""Templates that only put text together, as ``{{ first }} {{ last }}``, without asking the engine.

They are what most templates are. The quick way is taken only while every part is text; for any other
value the engine answers, so that there is one way in which a number or a missing part is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from sync.mapping.missing import NONE, MissingWords
from sync.mapping.quick_ways import LONGEST
from sync.mapping.reading import RECORD, Path
from sync.mapping.text import clean

if TYPE_CHECKING:
    from sync.mapping.paths import Reader

#: Returns the text, None when the engine has to be asked.
Joiner: TypeAlias = Callable[[Mapping[str, Any]], str | None]

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_PART = re.compile(
    rf"\{{\{{[ ]*({_NAME}(?:\.{_NAME})*|{RECORD}\[\"[^\"\\{{}}]+\"\]|{RECORD}\['[^'\\{{}}]+'\])[ ]*\}}\}}"
)
_IN_BRACKETS = re.compile(r"\[.(.*).\]$")
#: Whatever else means something to the engine.
_SYNTAX = re.compile(r"\{[{%#]|[}%#]\}|\r")


def joiner(source: str, paths: frozenset[Path], missing: MissingWords = NONE) -> Joiner | None:
    """Return a function that renders a template, None when it does more than put text together.

    Args:
        source: the template.
        paths: all that it reads of a record, as its syntax tree says.
        missing: the words that count as nothing.

    """
    fixed = _PART.split(source)[::2]
    found = [_path_of(name) for name in _PART.findall(source)]
    # A name that is no path of the tree is a word of the language, as `true` is.
    if not found or () in found or set(found) != paths or any(map(_SYNTAX.search, fixed)):
        return None
    readers = [_text_reader(path, missing) for path in found]
    pattern = "".join(text.replace("%", "%%") + "%s" for text in fixed[:-1]) + fixed[-1].replace("%", "%%")

    def join(fields: Mapping[str, Any]) -> str | None:
        parts = [read(fields) for read in readers]
        if None in parts:
            return None
        text = pattern % tuple(parts)
        return text if len(text) <= LONGEST else None

    return join


def _path_of(name: str) -> Path:
    bracketed = _IN_BRACKETS.search(name)
    if bracketed:
        return (bracketed[1],)
    parts = tuple(name.split("."))
    return parts[1:] if parts[0] == RECORD else parts


def _text_reader(path: Path, missing: MissingWords) -> Reader:
    """Return a function that finds text at a path, None when there is anything else or nothing."""
    *outer, last = path

    def read_top(fields: Mapping[str, Any]) -> str | None:
        value = fields.get(last)
        text = clean(value) if type(value) is str else ""
        return text if text and text not in missing else None

    def read(fields: Mapping[str, Any]) -> str | None:
        below: Any = fields
        for name in outer:
            below = below.get(name)
            if type(below) is not dict:
                return None
        value = below.get(last)
        text = clean(value) if type(value) is str else ""
        return text if text and text not in missing else None

    return read if outer else read_top
