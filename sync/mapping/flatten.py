"""Nested custom values as flat text properties, so that nobody else's way of flattening matters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sync.mapping.missing import NONE, MissingWords
from sync.mapping.text import Unfit, text_of

_CONTAINERS = (Mapping, list, tuple, set, frozenset)
#: Objects and lists inside each other; what is deeper is a program's data, not a property.
_DEEPEST = 32


def flatten(name: str, value: Any, missing: MissingWords = NONE) -> Iterator[tuple[str, str]]:
    """Yield properties by name: ``car.color``, ``phones.0.number``. Parts that are empty are left out.

    Args:
        name: of the whole.
        value: an object or a list; anything else is one property.
        missing: the words that count as nothing.

    Raises:
        Unfit: when a part can't be written, or it is nested too deeply.

    """
    return _parts(name, value, missing, 0)


def _parts(name: str, value: Any, missing: MissingWords, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        raise Unfit(f"nested more than {_DEEPEST} levels deep")
    if not isinstance(value, _CONTAINERS):
        text = text_of(value)
        if text is not None and text not in missing:
            yield name, text
        return
    for part, inner in _items(value):
        yield from _parts(f"{name}.{part}", inner, missing, depth + 1)


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return ((text_of(part) or "", inner) for part, inner in value.items())
    ordered = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
    return ((str(index), inner) for index, inner in enumerate(ordered))
