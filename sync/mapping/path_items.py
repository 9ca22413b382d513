"""Items of a list by what they hold, for paths such as ``phones[type=mobile]`` and ``tags[].name``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sync.mapping.text import Unfit, text_of


def fitting_item(value: Any, name: str, wanted: str) -> Any:
    """Return the first item of a list whose field has a value, None when there is none.

    Args:
        value: the list; an object stands for a list of itself.
        name: of the field.
        wanted: its text, regardless of capitals.

    """
    items = [value] if isinstance(value, Mapping) else value
    if not isinstance(items, (list, tuple)):
        return None
    return next((item for item in items if isinstance(item, Mapping) and _says(item, name, wanted)), None)


def _says(item: Mapping[str, Any], name: str, wanted: str) -> bool:
    try:
        text = text_of(item.get(name))
    except Unfit:
        return False
    return text is not None and text.casefold() == wanted


def every_item(value: Any, follow: Callable[[Any], Any]) -> list[Any] | None:
    """Return what a way finds in each item of a list, without those in which it finds nothing."""
    if not isinstance(value, (list, tuple)):
        return None
    found: list[Any] = []
    for part in map(follow, value):
        if isinstance(part, list):
            found.extend(part)
        elif part is not None:
            found.append(part)
    return found or None
