"""The one JSON document of a command."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Any


def write_json(document: Any) -> None:
    """Write a document to stdout, with a line break at its end."""
    sys.stdout.flush()
    sys.stdout.buffer.write(_encoded(document))
    sys.stdout.buffer.flush()


def _encoded(document: Any) -> bytes:
    import orjson

    options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE
    try:
        return orjson.dumps(document, str, options)
    except TypeError:  # a record may hold an integer over 64 bits, or half of a character
        return json.dumps(document, indent=2, default=str).encode() + b"\n"


def iso(seconds: float | None) -> str | None:
    """Return a time as JSON documents have it: ISO 8601 in UTC, to the millisecond."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
