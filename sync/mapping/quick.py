"""The plain field, which most fields are: one column, in the form in which it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.mapping.paths import split
from sync.mapping.several import Noted
from sync.mapping.targets import NOTED, TIMES
from sync.mapping.text import clean, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.mapping.field_spec import FieldSpec
    from sync.mapping.missing import MissingWords
    from sync.mapping.origins import Origin
    from sync.mapping.rows import Found, Row, Worked


def plain_text(spec: FieldSpec, target: str) -> str | None:
    """Return the column whose text a field is, None when it is anything else."""
    bare = spec.model_fields_set <= {"from_", "if_invalid"}
    return _column(spec) if bare and target not in (*NOTED, *TIMES) else None


def _column(spec: FieldSpec) -> str | None:
    """Return the one top-level column that a field names, None when it names more, or a way."""
    column = spec.from_[0] if spec.from_ and len(spec.from_) == 1 else None
    return column if column is not None and split(column) == (column,) else None


def plain_value(
    spec: FieldSpec, origin: Origin, finish: Callable[[Any], Any], missing: MissingWords
) -> Worked:
    """Return what works out a field that has nothing between its origin and the form in which it is sent."""
    column = _column(spec)
    if column is None or missing.of_numbers:
        read = origin.read
        return lambda row: finish(read(row))
    return _text(column, missing) if finish is text_of else _normalised(column, finish, missing)


def tabled_value(spec: FieldSpec, value: Worked, ready: Mapping[str, str]) -> Worked:
    """Return the same for a column with a table, where a value that is listed exactly costs one look-up.

    Args:
        spec: the field.
        value: what works out all other values.
        ready: what is sent for each entry of the table.

    """
    column = _column(spec)
    if column is None or spec.values is None or spec.split is not None or spec.pick is not None:
        return value

    def look_up(row: Row) -> Found:
        raw = row.fields.get(column)
        found = ready.get(clean(raw)) if type(raw) is str else None
        return value(row) if found is None else found

    return look_up


def _text(column: str, missing: MissingWords) -> Worked:
    def value(row: Row) -> Found:
        found = text_of(row.fields.get(column))
        return None if found in missing else found

    return value


def _normalised(column: str, finish: Callable[[Any], Any], missing: MissingWords) -> Worked:
    def value(row: Row) -> Any:
        raw = row.fields.get(column)
        return None if type(raw) is str and clean(raw) in missing else finish(raw)

    return value


def noting_value(quick: Callable[[Row], Any], notes: Callable[[Row, Noted], str]) -> Worked:
    """Return the same for a property whose normaliser may have more to say than its value."""

    def value(row: Row) -> Found:
        found = quick(row)
        return notes(row, found) if type(found) is Noted else found

    return value
