"""One spelling for every key, whatever type the source gave it in."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any


def canonical_key(value: Any) -> str | None:
    """Return the one text form of a key value, or None when there is no key.

    7, "7", 7.0 and Decimal("7.00") are all "7"; text keeps its leading zeros and is stripped of
    surrounding white space; parts of a composite key are joined with "|", a "|" inside doubled.
    """
    if value is None:
        return None
    if isinstance(value, (list, tuple)):
        parts = [canonical_key(part) for part in value]
        if any(part is None for part in parts):
            return None
        return "|".join(part.replace("|", "||") for part in parts if part is not None)
    return _scalar(value) or None


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (float, Decimal)):
        return str(int(value)) if value == value.__class__(int(value)) else str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    return str(value).strip()
