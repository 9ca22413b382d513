"""Payloads as the store keeps them: leads to send, and raw records of invalid ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import orjson

from sources.base import Record
from sync.changes import read_changed, write_changed
from sync.lead import Lead

#: The only name in an object that stands for a value JSON has no type for: ``{"~": ["date", "2024-05-01"]}``.
_TAG = "~"
_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME
#: Deeper than this the JSON encoder gives up, so what lies deeper is left out.
_DEEPEST = 200
_WIDEST = 2**63
#: How each kind is read back, so that a record mapped again is what it was when it was read.
_KINDS: dict[str, Callable[[str], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "decimal": Decimal,
    "bytes": bytes.fromhex,
    "int": lambda text: int(text, 16),
}


def write_lead(lead: Lead) -> bytes:
    """Return a lead as bytes; the endpoint's own `source` is not in it."""
    return orjson.dumps([lead.standard, lead.custom])


def read_lead(body: bytes) -> Lead:
    """Read back what `write_lead` wrote."""
    standard, custom = orjson.loads(body)
    return Lead(standard, custom)


def write_record(record: Record) -> bytes:
    """Return a raw record as bytes, whatever a source has put into it."""
    head = record.key, write_changed(record.changed), record.where
    try:
        return orjson.dumps([*head, record.fields], _plain, _OPTIONS)
    except TypeError:  # an integer over 64 bits, a lone surrogate, a name that is no text, or too deep
        return orjson.dumps(_tamed([*head, record.fields], 0))


def read_record(body: bytes) -> Record:
    """Read back what `write_record` wrote."""
    key, changed, where, fields = orjson.loads(body)
    if b'{"~":' in body:
        fields = _restored(fields)
    return Record(key, fields, read_changed(changed), where)


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date, time)):
        return {_TAG: [_time_kind(value), value.isoformat()]}
    if isinstance(value, Decimal):
        return {_TAG: ["decimal", str(value)]}
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {_TAG: ["bytes", bytes(value).hex()]}
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, (set, frozenset, tuple)) else str(value)


def _time_kind(value: date | time) -> str:
    if isinstance(value, datetime):
        return "datetime"
    return "date" if isinstance(value, date) else "time"


def _tamed(value: Any, depth: int) -> Any:
    """Return what the JSON encoder takes, as near to the value as it can be."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, int) and not -_WIDEST <= value < _WIDEST:
        return {_TAG: ["int", hex(value)]}
    if value is None or isinstance(value, (int, float)):
        return value
    return _tamed_parts(value, depth) if depth <= _DEEPEST else None


def _tamed_parts(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping):
        return {_tamed(str(name), depth): _tamed(part, depth + 1) for name, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_tamed(part, depth + 1) for part in value]
    return _tamed(_plain(value), depth + 1)


def _restored(value: Any) -> Any:
    if isinstance(value, list):
        return [_restored(part) for part in value]
    if not isinstance(value, dict):
        return value
    tagged = value.get(_TAG) if len(value) == 1 else None
    if isinstance(tagged, list) and len(tagged) == 2 and tagged[0] in _KINDS:  # noqa: PLR2004 - kind and text
        return _KINDS[tagged[0]](tagged[1])
    return {name: _restored(part) for name, part in value.items()}
