"""Custom properties as Hatch keeps them: flat, every value a text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def flatten(custom: Mapping[str, Any], joiner: str) -> dict[str, str]:
    """Return ``{"car": {"colors": ["red"]}}`` as ``{"car.colors.0": "red"}``; null is an empty text.

    An empty object or list has no leaf and stands as an empty text under its own name, so that nothing
    that arrived is invisible. Of two properties that come to bear one name, the later counts.
    """
    flat: dict[str, str] = {}
    # A stack of its own: JSON may be nested deeper than Python calls may.
    stack: list[tuple[str, Any]] = list(custom.items())[::-1]
    while stack:
        name, value = stack.pop()
        if isinstance(value, (dict, list)) and value:
            stack.extend(reversed([(f"{name}{joiner}{part}", leaf) for part, leaf in _parts(value)]))
        else:
            flat[name] = as_text(value)
    return flat


def as_text(value: Any) -> str:
    """Return one value as the text that Hatch would keep: numbers and booleans as JSON writes them."""
    if isinstance(value, str):
        return value
    return "" if value is None or value in ({}, []) else json.dumps(value)


def _parts(value: dict[str, Any] | list[Any]) -> Iterator[tuple[Any, Any]]:
    return iter(value.items()) if isinstance(value, dict) else iter(enumerate(value))
