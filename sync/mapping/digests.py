"""What is digested of a record: the values that feed anything whose change is to be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from sync.digest import CURRENT, digest
from sync.mapping.paths import Reader, reader, subtree_reader, top
from sync.mapping.text import is_finite, is_huge, is_nan

if TYPE_CHECKING:
    from sync.mapping.outputs import Output
    from sync.mapping.reading import Path

RecordDigest: TypeAlias = Callable[[Mapping[str, Any], int], bytes]

#: Integers that JSON encoders write; wider ones are digested as text.
_WIDEST = 2**63


def record_digester(outputs: Iterable[Output], further: Iterable[Path]) -> RecordDigest:
    """Return a function from a record's fields to the digest of what feeds these outputs.

    Null, missing and empty count as one, and 7 and 7.0, so that saving a sheet again changes nothing.
    """
    read = _reader(outputs, further)

    def work_out(fields: Mapping[str, Any], version: int = CURRENT) -> bytes:
        # Text that says something is what nearly every value is, and stays as it is.
        said = [
            value if type(value) is str and value and not value.isspace() else _canonical(value)
            for value in read(fields)
        ]
        return digest(said, version)

    return work_out


def _reader(outputs: Iterable[Output], further: Iterable[Path]) -> Callable[[Mapping[str, Any]], list[Any]]:
    """Return a function that finds, in a fixed order, all values that are digested."""
    columns: set[str] = set()
    paths: set[Path] = set(further)
    for output in outputs:
        columns.update(output.columns)
        paths.update(output.paths)
    if () in paths:
        return lambda fields: [fields]
    if all(top(column) == column for column in columns) and all(len(path) == 1 for path in paths):
        names = [*sorted(columns), *(path[0] for path in sorted(paths))]
        return lambda fields: list(map(fields.get, names))
    readers: list[Reader] = [*map(reader, sorted(columns)), *map(subtree_reader, sorted(paths))]
    return lambda fields: [read(fields) for read in readers]


def _canonical(value: Any) -> Any:
    kind = type(value)
    if kind is str:
        return value if value and not value.isspace() else None
    if value is None or kind is bool:
        return value
    if kind is int:
        return value if -_WIDEST <= value < _WIDEST else hex(value)
    if isinstance(value, (float, Decimal)):
        return _number(value)
    return _nested(value)


def _number(value: float | Decimal) -> Any:
    if not is_finite(value):
        return None if is_nan(value) else str(value)
    if is_huge(value):
        return str(value)
    if value == (whole := int(value)):
        return _canonical(whole)
    return value


def _nested(value: Any) -> Any:
    """Return objects with sorted names and without empty values, so that every encoding sees one order."""
    if isinstance(value, Mapping):
        parts = ((str(name), _canonical(value[name])) for name in sorted(value, key=str))
        return {name: part for name, part in parts if part is not None} or None
    if isinstance(value, (list, tuple)):
        return [_canonical(part) for part in value] or None
    if isinstance(value, (datetime, date, time, bytes, bytearray, memoryview, set, frozenset)):
        return value
    return str(value)
