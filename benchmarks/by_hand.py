"""What somebody would write in Python in the place of a mapping file, for the same leads.

It cleans text, knows words that count as nothing, looks up statuses, reads times, phones and e-mails by the
same libraries, and makes the same `Lead`. It has no messages with places, no warnings, and no checks of its
own code: what it does not do is what a mapping has to do within half as much again.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sync.lead import Lead
from sync.mapping.email_address import normalise_email
from sync.mapping.missing import WORDS
from sync.mapping.phone import phone_normaliser

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sources.base import Record

_ZONE = ZoneInfo("UTC")
_NOTHING = frozenset(WORDS)
_STATUSES = {"new": "open", "open": "open", "won": "closed", "lost": "closed"}
_BIG = 10_000
_phone = phone_normaliser("US")


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        value = value.strip()
        if not value.isprintable():
            value = "".join(filter(str.isprintable, value))
        return None if not value or value in _NOTHING else value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _time(value: Any) -> str | None:
    text = _text(value)
    if text is None:
        return None
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        at = at.replace(tzinfo=_ZONE)
    return at.strftime("%Y-%m-%dT%H:%M:%S%z")


def _status(value: Any) -> str | None:
    text = _text(value)
    return text and (_STATUSES.get(text) or _STATUSES.get(text.casefold(), text))


def by_hand(*, contact: bool, plain: int, composed: bool) -> Any:
    """Return a function from a record to a lead.

    Args:
        contact: whether phone and e-mail are read; otherwise a last name, and one and the same number.
        plain: how many custom properties there are that are one column each.
        composed: whether there are a template, an expression and two first-of lists besides.

    """
    names = [(f"extra{number}", f"column_{number}") for number in range(plain)]

    def apply(record: Record) -> Lead:
        fields = record.fields
        standard = {
            "id": record.key,
            "firstName": _text(fields.get("first_name")),
            "status": _status(fields.get("status")),
            "createdAt": _time(fields.get("created_at")),
            **(_reach(fields) if contact else _named(fields)),
        }
        custom = {name: _text(fields.get(column)) for name, column in names}
        if composed:
            custom |= _composed(fields)
        return Lead(_said(standard), _said(custom))

    return apply


def _said(properties: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in properties.items() if value is not None}


def _reach(fields: Mapping[str, Any]) -> dict[str, str | None]:
    return {"phoneNumber": _phone(_text(fields.get("phone"))), "email": normalise_email(fields.get("email"))}


def _named(fields: Mapping[str, Any]) -> dict[str, str | None]:
    return {"phoneNumber": "8045550123", "lastName": _text(fields.get("last_name"))}


def _composed(fields: Mapping[str, Any]) -> dict[str, str | None]:
    first, last = _text(fields.get("first_name")), _text(fields.get("last_name"))
    amount = _text(fields.get("amount"))
    return {
        "fullName": f"{first} {last}" if first is not None and last is not None else None,
        "bigJob": "true" if amount is not None and float(amount) > _BIG else "false",
        "where": _first(fields, "city", "town"),
        "through": _first(fields, "channel", "campaign"),
    }


def _first(fields: Mapping[str, Any], *columns: str) -> str | None:
    for column in columns:
        value = _text(fields.get(column))
        if value is not None:
            return value
    return None
