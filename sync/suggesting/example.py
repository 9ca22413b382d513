"""An invented record for the draft's `examples`: never anything of the sample but names and statuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.suggesting.dates import DAY_FIRST, EXCEL, MONTH_FIRST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.suggesting.choice import Choice, Field
    from sync.suggesting.columns import Parts

_FIRST, _LAST = "Ada", "Example"
_EMAIL = "ada@example.com"
#: With a country code, so that it is one in every country; 555-01xx belongs to nobody.
_PHONE, _PHONE_SENT = "+1 804 555 0123", "8045550123"
_TIMES = {
    None: "2026-01-31T15:04:05Z",
    DAY_FIRST: "31/01/2026 15:04:05",
    MONTH_FIRST: "01/31/2026 15:04:05",
    EXCEL: 46053,
}
_VALUES = {"contactID": "c-1", "phoneNumber": _PHONE, "email": _EMAIL, "status": "new"}
_SENT = {"phoneNumber": _PHONE_SENT}


def example(choice: Choice) -> tuple[dict[str, Any], dict[str, str]]:
    """Return an invented record, and what must become of it: lead fields by name."""
    record: dict[str, Any] = {}
    lead: dict[str, str] = {}
    for name, field in choice.fields.items():
        value = _value(name, field)
        parts = field.columns[0].parts
        if parts in _placed(record):
            value = _placed(record)[parts]
        _place(record, parts, value)
        if name not in ("createdAt", "updatedAt"):
            lead[name] = _said(name, field, value)
    return record, lead


def _value(name: str, field: Field) -> Any:
    if name in ("firstName", "lastName"):
        return f"{_FIRST} {_LAST}" if field.part else {"firstName": _FIRST, "lastName": _LAST}[name]
    if name in ("createdAt", "updatedAt"):
        return _time(field.format)
    if name == "status" and field.values:
        return field.values[0][0]
    return _VALUES[name]


def _time(form: str | None) -> Any:
    from datetime import UTC, datetime

    if form in _TIMES:
        return _TIMES[form]
    return datetime(2026, 1, 31, 15, 4, 5, tzinfo=UTC).strftime(form or "%Y-%m-%d")


def _said(name: str, field: Field, value: Any) -> str:
    if field.part:
        return _FIRST if field.part == "first" else _LAST
    return _SENT.get(name, str(value))


def _placed(record: Mapping[str, Any]) -> dict[Parts, Any]:
    """Return what stands in the record so far, by its path."""
    found: dict[Parts, Any] = {}

    def walk(value: Any, parts: Parts) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                walk(inner, (*parts, name))
        elif isinstance(value, list):
            walk(value[0], (*parts, 0))
        else:
            found[parts] = value

    walk(record, ())
    return found


def _place(record: dict[str, Any], parts: Parts, value: Any) -> None:
    """Put a value where its path leads, making the objects and lists on the way."""
    here: Any = record
    for part, following in zip(parts, (*parts[1:], None), strict=True):
        made: Any = value if following is None else ([{}] if isinstance(following, int) else {})
        if isinstance(part, int):
            if following is None:
                here[0] = value
            here = here[0]
        elif following is None:
            here[part] = made
        else:
            here = here.setdefault(part, made)
