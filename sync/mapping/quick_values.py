"""What plain expressions do with values: read, compare and convert those that leave no doubt."""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any

from sync.mapping.quick_ways import AskTheEngine
from sync.mapping.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.mapping.missing import MissingWords
    from sync.mapping.reading import Path

_EXACT = 2**53
_FLOAT = re.compile(r"[+-]?\d{1,15}(\.\d{0,15})?", re.ASCII).fullmatch
_INT = re.compile(r"[+-]?\d{1,15}", re.ASCII).fullmatch
_NUMBERS = (int, float)


def value_reader(path: Path, missing: MissingWords) -> Callable[[Mapping[str, Any]], Any]:
    """Return a function that finds a value the way expressions see it, or raises `AskTheEngine`."""
    *outer, last = path

    def read_top(fields: Mapping[str, Any]) -> Any:
        value = fields.get(last)
        if type(value) is str:
            text = clean(value)
            return text if text and text not in missing else None
        return value if value is None or value is True or value is False else _number(value, missing)

    def read(fields: Mapping[str, Any]) -> Any:
        below: Any = fields
        for name in outer:
            below = below.get(name)
            if type(below) is not dict:
                if below is None:
                    return None
                raise AskTheEngine
        return read_top(below)

    return read if outer else read_top


def _number(value: Any, missing: MissingWords) -> Any:
    if missing.of_numbers or type(value) not in _NUMBERS or not -_EXACT < value < _EXACT:
        raise AskTheEngine
    return int(value) if value == int(value) else value


def _text_or_none(value: Any) -> Any:
    if value is not None and type(value) is not str:
        raise AskTheEngine
    return value


def _alike(one: Any, other: Any) -> bool:
    kind, another = type(one), type(other)
    return kind is another or (kind in _NUMBERS and another in _NUMBERS)


def _equal(one: Any, other: Any) -> bool:
    if one is None or other is None:
        if one is other:
            raise AskTheEngine
        return False
    if not _alike(one, other):
        raise AskTheEngine
    return bool(one == other)


def _ordering(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def ordered(one: Any, other: Any) -> bool:
        if one is None or type(one) is bool or not _alike(one, other):
            raise AskTheEngine
        return compare(one, other)

    return ordered


def _to_float(value: Any) -> float:
    if type(value) is str and _FLOAT(value):
        return float(value)
    if type(value) in _NUMBERS:
        return float(value)
    raise AskTheEngine


def _to_int(value: Any) -> int:
    if type(value) is str and _INT(value):
        return int(value)
    if type(value) is int:
        return value
    raise AskTheEngine


def _in_ascii(change: Callable[[str], str]) -> Callable[[Any], str]:
    def changed(value: Any) -> str:
        if type(value) is str and value.isascii():
            return change(value)
        raise AskTheEngine

    return changed


#: Filters of the template engine that are also done here.
FILTERS: dict[str, Callable[[Any], Any]] = {
    "float": _to_float,
    "int": _to_int,
    "lower": _in_ascii(str.lower),
    "upper": _in_ascii(str.upper),
}
#: The names that a written expression uses.
HELPERS: dict[str, Any] = {
    "Ask": AskTheEngine,
    "equal": _equal,
    "text_or_none": _text_or_none,
    "lt": _ordering(operator.lt),
    "lteq": _ordering(operator.le),
    "gt": _ordering(operator.gt),
    "gteq": _ordering(operator.ge),
    **{f"to_{name}": function for name, function in FILTERS.items()},
    "__builtins__": {"type": type},
}
