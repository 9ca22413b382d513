"""Reading the JSON of others."""

from __future__ import annotations

import json
from typing import Any

import orjson


def load(text: bytes) -> Any:
    """Return what JSON says, None when it is none."""
    text = text.removeprefix(b"\xef\xbb\xbf")
    try:
        return orjson.loads(text)
    except ValueError:
        try:  # it takes what orjson does not: NaN, half characters
            return json.loads(text)
        except (ValueError, RecursionError):
            return None


def has_errors(body: bytes) -> bool:
    """Tell whether an answer is a JSON object with a non-empty ``errors``."""
    if b"{" not in body:
        return False
    found = load(body)
    return isinstance(found, dict) and bool(found.get("errors"))
