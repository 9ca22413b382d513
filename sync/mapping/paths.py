"""How a mapping names a value of a record: a column, or the way to it as in ``phones[0].number``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Reader: TypeAlias = Callable[[Mapping[str, Any]], Any]

_PART = re.compile(r"(?:^|\.)([^.\[\]]+)|\[(\d+)\]")
#: Digits of a list index; longer ones are only ever a name.
_INDEX_DIGITS = 9


def split(path: str) -> tuple[str, ...]:
    """Return the parts of a dotted path; a name like "Lead No." that is none has itself as its only part."""
    parts = tuple(name or index for name, index in _PART.findall(path))
    rebuilt = "".join(match[0] for match in _PART.finditer(path))
    return parts if parts and rebuilt == path and not path.startswith(("[", ".")) else (path,)


def top(path: str) -> str:
    """Return the top-level name of a path."""
    return split(path)[0]


def reader(path: str) -> Reader:
    """Return a function that finds what a path names in a record, None when there is nothing.

    A column that has the whole path for its name comes first, then the way through objects and
    lists. Nothing is ever raised.
    """
    first, *rest = split(path)
    if not rest:
        return lambda fields: fields.get(path)
    if len(rest) == 1 and not rest[0].isdecimal():
        return _one_below(path, first, rest[0])

    def read(fields: Mapping[str, Any]) -> Any:
        if path in fields:
            return fields[path]
        value = fields.get(first)
        for part in rest:
            value = step(value, part)
        return value

    return read


def _one_below(path: str, outer: str, inner: str) -> Reader:
    def read(fields: Mapping[str, Any]) -> Any:
        value = fields.get(outer)
        if path in fields:
            return fields[path]
        return value.get(inner) if type(value) is dict else step(value, inner)

    return read


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
