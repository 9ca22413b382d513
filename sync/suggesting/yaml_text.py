"""Texts written so that YAML reads them back as they are."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import yaml

from sync.located_yaml import ConfigError, parse_yaml

#: What never needs quotes, wherever it stands.
_PLAIN = re.compile(r"[^\W\d]\w*(?:(?: - |[ ./@-])\(?\w+\)?)*")
#: Words that are something else to one YAML or another.
_WORDS = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf"))


def scalar(text: str) -> str:
    """Return a text as YAML writes it, in quotes where it needs them."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    if "'" not in text and '"' in text and text.isprintable():
        return f"'{text}'"
    return str(yaml.safe_dump(text, default_style='"', width=float("inf"), allow_unicode=True)).strip()


def value(found: Any) -> str:
    """Return a text, a number, true, false or nothing as YAML writes it."""
    if found is None:
        return "null"
    if isinstance(found, bool):
        return "true" if found else "false"
    return scalar(found) if isinstance(found, str) else str(found)


def comment(text: str) -> str:
    """Return a text for a comment: on one line, whatever a column is called."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


@lru_cache(maxsize=4096)
def readable(text: str) -> bool:
    """Tell whether a text can stand in a file at all: YAML knows no lone surrogates, for one."""
    try:
        return bool(parse_yaml(f"{scalar(text)}: {scalar(text)}\n", "name").data == {text: text})
    except (ConfigError, ValueError):
        return False
