"""JSON in and out, without the ways in which JSON parsers lose data."""

from __future__ import annotations

import json
import re
from typing import Any

#: Where half of a surrogate pair may stand: as an escape, or as bytes that are not proper UTF-8.
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]")


def parse_json(body: bytes, charset: str = "") -> Any:
    r"""Read JSON text: integers of any size stay exact, NaN becomes None.

    A lone half of a surrogate pair (``"\ud83d"``, an emoji cut in two by a length limit) becomes
    U+FFFD, since no database and no endpoint takes it.

    Raises:
        ValueError: when it is not JSON, or nested too deeply.

    """
    try:
        value = json.loads(_text(body, charset), parse_constant=_nothing)
        if _SURROGATE.search(body):
            value = _whole(value)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return value


def stable_bytes(value: Any) -> bytes:
    """Return the same bytes for equal JSON-like values, whatever the order of their keys."""
    return json.dumps(value, sort_keys=True, default=str, separators=(",", ":")).encode()


def _nothing(_constant: str) -> None:
    return None


def _text(body: bytes, charset: str) -> str | bytes:
    """Decode a declared charset that is not Unicode; json finds out about the Unicode ones itself."""
    if not charset or charset.lower().startswith("utf"):
        return body
    try:
        return body.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return body


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {_whole(name): _whole(item) for name, item in value.items()}
    return value
