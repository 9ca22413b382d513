"""What endpoints and sources have in common: a name, a section, and a type that says what is in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sync.located_yaml import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sync.config._document import Document
    from sync.located_yaml import Path

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def names_in(document: Document, section: str) -> list[str]:
    """Return the names in a section of named parts."""
    value = document.value((section,))
    return list(value) if isinstance(value, dict) else []


def section_at(document: Document, at: Path) -> dict[str, Any] | None:
    """Return the keys of a section; None, with the reason noted, when it is none."""
    if len(at) > 1 and not _NAME.fullmatch(str(at[-1])):
        document.refuse(
            at, "a name has letters, digits, _ and -, begins with a letter or digit, and is at most 64 long"
        )
    value = document.value(at)
    if isinstance(value, dict):
        return value
    document.refuse(at, "is empty; expected its settings" if value is None else "expected a section of keys")
    return None


def type_of(document: Document, at: Path, types: Collection[str]) -> str | None:
    """Return the type of a section; None, with the reason noted, when there is no such type."""
    path = (*at, "type")
    value = document.value(path)
    if isinstance(value, str) and value in types:
        return value
    names = ", ".join(types)
    if value is None:
        document.refuse(path, f"is required; there are: {names}")
        return None
    written = document.shown(path)
    which = f" {quoted(written)}{did_you_mean(written, types)}" if written else ""
    document.refuse(path, f"unknown type{which}; there are: {names}")
    return None


def for_model(model: Any, data: Mapping[str, Any], common: Collection[str]) -> dict[str, Any]:
    """Return the part of a section that belongs to a type's own model.

    A common setting that the model declares as well is given to both.
    """
    return {key: value for key, value in data.items() if key not in common or key in model.model_fields}
