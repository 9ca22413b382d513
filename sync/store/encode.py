"""Payloads as the store keeps them: leads to send, and raw records of invalid ones."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import orjson

from sources.base import Record
from sync.changes import read_changed, write_changed
from sync.lead import Lead


def write_lead(lead: Lead) -> bytes:
    """Return a lead as bytes; the endpoint's own `source` is not in it."""
    return orjson.dumps([lead.standard, lead.custom])


def read_lead(body: bytes) -> Lead:
    """Read back what `write_lead` wrote."""
    standard, custom = orjson.loads(body)
    return Lead(standard, custom)


def write_record(record: Record) -> bytes:
    """Return a raw record as bytes. Types that JSON has not become text."""
    changed = write_changed(record.changed)
    return orjson.dumps(
        [record.key, record.fields, changed, record.where],
        _plain,
        orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME,
    )


def read_record(body: bytes) -> Record:
    """Read back what `write_record` wrote."""
    key, fields, changed, where = orjson.loads(body)
    return Record(key, fields, read_changed(changed), where)


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    return str(value)
