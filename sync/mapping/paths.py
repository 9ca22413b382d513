"""How a mapping names a value of a record: a column, or the way to it as in ``phones[0].number``.

Parts are joined by dots. In brackets stand the number of a list's item, a condition that picks the first
item it fits (``phones[type=mobile]``), or nothing for all of them (``tags[].name``). A name that has a dot, a
space or a bracket of its own goes in double quotes: ``"Order No.".value``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from sync.mapping.path_items import every_item, fitting_item

Reader: TypeAlias = Callable[[Mapping[str, Any]], Any]

_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_PART = re.compile(
    rf"(?:(?P<dot>^|\.)(?:{_QUOTED}|(?P<name>[^.\[\]\"]+)))"
    rf"|\[(?:(?P<index>\d+)|(?P<all>)|(?P<key>[^=\[\]\"]+?)\s*=\s*(?:{_QUOTED}|(?P<wanted>[^\[\]\"]+?)))\s*\]"
)
#: Digits of a list index; longer ones are only ever a name.
_INDEX_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Fitting:
    """The first item of a list whose field has a value."""

    name: str
    #: As text, regardless of capitals.
    wanted: str


@dataclass(frozen=True, slots=True)
class Every:
    """All items of a list."""


#: The name of a part, or the number of an item as digits.
Part: TypeAlias = "str | Fitting | Every"


def split(path: str) -> tuple[Part, ...]:
    """Return the parts of a path; a name like "Lead No." that is none has itself as its only part."""
    parts: list[Part] = []
    end = 0
    while end < len(path):
        match = _PART.match(path, end)
        if match is None or (not parts and match["dot"] != ""):
            return (path,)
        parts.append(_part(match))
        end = match.end()
    return tuple(parts) or (path,)


def _part(match: re.Match[str]) -> Part:
    if match["dot"] is not None:
        return match["name"] if match["name"] is not None else _unquoted(match[2])
    if match["index"] is not None:
        return match["index"]
    if match["all"] is not None:
        return Every()
    quoted = match["wanted"] is None
    wanted = _unquoted(match.group(_PART.groups - 1)) if quoted else match["wanted"]
    return Fitting(match["key"].strip(), wanted.strip().casefold())


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def check_path(path: str) -> str:
    """Return a path as it is, when it is one.

    Raises:
        ValueError: when it is empty, or has a quote that is never closed.

    """
    if not path.strip():
        raise ValueError(
            "is empty; expected the name of a column, or the way to a value as in properties.email"
        )
    if path.startswith('"') and split(path) == (path,):
        raise ValueError(
            f"{path} is no path: expected a name in double quotes and after it a dot or the end, as in "
            '"Order No.".value'
        )
    return path


def top(path: str) -> str:
    """Return the top-level name of a path."""
    return str(split(path)[0])


def named(path: str) -> set[str]:
    """Return what a source is asked for.

    That is the whole path, which may be the name of a column, the top-level name, and for sources that nest
    the dotted way as far as it goes before a list begins.
    """
    names: list[str] = []
    for part in split(path):
        if not isinstance(part, str) or (names and part.isdecimal()):
            break
        names.append(part)
    return {path, names[0], ".".join(names)}


def reader(path: str) -> Reader:
    """Return a function that finds what a path names in a record, None when there is nothing.

    A column that has the whole path for its name comes first, then the way through objects and
    lists. Nothing is ever raised.
    """
    parts = split(path)
    first, rest = str(parts[0]), parts[1:]
    if not rest:
        return _column(path, first)
    if len(rest) == 1 and isinstance(rest[0], str) and not rest[0].isdecimal():
        return _one_below(path, first, rest[0])
    follow = _way(rest)

    def read(fields: Mapping[str, Any]) -> Any:
        return fields[path] if path in fields else follow(fields.get(first))

    return read


def _column(path: str, name: str) -> Reader:
    if name == path:
        return lambda fields: fields.get(path)
    return lambda fields: fields[path] if path in fields else fields.get(name)


def _one_below(path: str, outer: str, inner: str) -> Reader:
    def read(fields: Mapping[str, Any]) -> Any:
        value = fields.get(outer)
        if path in fields:
            return fields[path]
        return value.get(inner) if type(value) is dict else step(value, inner)

    return read


def _way(parts: tuple[Part, ...]) -> Callable[[Any], Any]:
    """Return a function that follows parts from a value on."""

    def follow(value: Any) -> Any:
        for index, part in enumerate(parts):
            if isinstance(part, str):
                value = step(value, part)
            elif isinstance(part, Fitting):
                value = fitting_item(value, part.name, part.wanted)
            else:
                return every_item(value, _way(parts[index + 1 :]))
            if value is None:
                return None
        return value

    return follow


def step(value: Any, part: str) -> Any:
    """Return one part of an object or a list, None when there is none."""
    if isinstance(value, Mapping):
        return value.get(part)
    if isinstance(value, (list, tuple)) and part.isdecimal() and len(part) <= _INDEX_DIGITS:
        return value[int(part)] if int(part) < len(value) else None
    return None


def subtree_reader(parts: tuple[str, ...]) -> Reader:
    """Return a function that finds what an expression reads by attributes, for its digest.

    Where the way ends early, as with ``created.year`` of a date, what stands there is returned: the
    expression's result depends on it.
    """

    def read(fields: Mapping[str, Any]) -> Any:
        value: Any = fields
        for part in parts:
            if not isinstance(value, Mapping):
                return value
            value = value.get(part)
        return value

    return read
