"""Dotted paths into JSON, as in ``meta.next_cursor``, ``data.items``, ``contacts.-1.searchAfter``."""

from __future__ import annotations

import re
from typing import Any, Final

_SINGLE = {str: "a single text", bool: "a single yes or no", int: "a single number", float: "a single number"}
#: Keys that are surely names: an object may also be keyed by e-mail addresses or numbers.
_NAME = re.compile(r"(?!.*\d{5})[\w$@][\w$. :-]{0,39}")
#: What `find` returns when there is nothing at a path; None is a value.
MISSING: Final = object()


def find(value: Any, path: str) -> Any:
    """Return what is at a path, or `MISSING`.

    A part names a key of an object, or counts into a list (from the end when negative). A key that
    itself holds dots, like ``@odata.nextLink`` or ``custom.cf_1``, is found under its whole name.
    """
    return _find(value, path.split(".")) if path else value


def _find(value: Any, parts: list[str]) -> Any:
    if not parts:
        return value
    if isinstance(value, list):
        return _find(value[int(parts[0])], parts[1:]) if _is_index(parts[0], len(value)) else MISSING
    if not isinstance(value, dict):
        return MISSING
    for length in range(len(parts), 0, -1):
        name = ".".join(parts[:length])
        if name in value:
            found = _find(value[name], parts[length:])
            if found is not MISSING:
                return found
    return MISSING


def _is_index(part: str, length: int) -> bool:
    try:
        return -length <= int(part) < length
    except ValueError:
        return False


def put(value: Any, path: str, new: Any) -> Any:
    """Return a copy of a JSON value with something else at a path; objects on the way are made.

    Raises:
        ValueError: when the path leads through something that is neither object nor list, or past
            the end of a list.

    """
    return _put(value, path.split("."), new)


def _put(value: Any, parts: list[str], new: Any) -> Any:
    if not parts:
        return new
    name, rest = parts[0], parts[1:]
    if value is None:
        value = {}
    if isinstance(value, dict):
        return {**value, name: _put(value.get(name), rest, new)}
    if isinstance(value, list) and _is_index(name, len(value)):
        copy = list(value)
        copy[int(name)] = _put(copy[int(name)], rest, new)
        return copy
    there = f"a list of {len(value)}" if isinstance(value, list) else type(value).__name__
    raise ValueError(f"there is no place called {name!r} in the body: {there} is there")


def names_in(value: Any, most: int = 12) -> str:
    """Return the keys of an object for a message, as in ``data, meta``; what it is, when it has none."""
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if not isinstance(value, dict):
        return _SINGLE.get(type(value), "nothing")
    names = [name if _NAME.fullmatch(name) else "…" for name in value]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return (", ".join(names[:most]) + more) or "no keys"
