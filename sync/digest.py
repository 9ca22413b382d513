"""Digests of what records and leads say.

The encoding of a value is part of every digest that is kept, so it has a version: another version
never makes an unchanged record look changed, since the old encoding stays here to compare with.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable

#: Bytes of every digest: 128 bits, so that chance collisions are out of the question.
SIZE = 16


def _plain(value: Any) -> Any:
    """Make values JSON-able that orjson is not told about, the same way whatever the source."""
    if isinstance(value, Decimal):
        return str(value.normalize() if value else Decimal(0))
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    return str(value)


def _datetime_first(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    return _plain(value)


_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME


def _encode_1(value: Any) -> bytes:
    try:
        return orjson.dumps(value, _datetime_first, _OPTIONS)
    except TypeError:  # an integer over 64 bits, a lone surrogate
        return repr(value).encode("utf-8", "surrogatepass")


#: Every encoding there ever was, by its version. Append; never change one that was released.
ENCODINGS: dict[int, Callable[[Any], bytes]] = {1: _encode_1}
CURRENT = max(ENCODINGS)


def digest(value: Any, version: int = CURRENT) -> bytes:
    """Return the digest of a JSON-like value under one version of the encoding.

    Raises:
        KeyError: when this program does not know that version.

    """
    return hashlib.blake2b(ENCODINGS[version](value), digest_size=SIZE).digest()


def keyed_digest(value: str, key: bytes) -> bytes:
    """Return a digest that can be compared but not looked up without the key."""
    return hashlib.blake2b(value.encode("utf-8", "surrogatepass"), digest_size=SIZE, key=key).digest()
