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
    if text is None:
        return None
    return _STATUSES.get(text) or _STATUSES.get(text.casefold(), text)


def by_hand(*, contact: bool, plain: int, composed: bool) -> Any:
    """Return a function from a record to a lead.

    Args:
        contact: whether phone and e-mail are read; otherwise a last name, and one and the same number.
        plain: how many custom properties there are that are one column each.
        composed: whether there are a template, an expression and two first-of lists besides.

    """
    names = [(f"extra{number}", f"column_{number}") for number in range(plain)]

    def apply(record: Record) -> Lead:
        fields: Mapping[str, Any] = record.fields
        standard: dict[str, str] = {"id": record.key}
        first = _text(fields.get("first_name"))
        if first is not None:
            standard["firstName"] = first
        if contact:
            phone, email = _phone(_text(fields.get("phone"))), normalise_email(_text(fields.get("email")))
            if phone is not None:
                standard["phoneNumber"] = str(phone)
            if email is not None:
                standard["email"] = str(email)
        else:
            standard["phoneNumber"] = "8045550123"
            last = _text(fields.get("last_name"))
            if last is not None:
                standard["lastName"] = last
        status = _status(fields.get("status"))
        if status is not None:
            standard["status"] = status
        created = _time(fields.get("created_at"))
        if created is not None:
            standard["createdAt"] = created
        custom: dict[str, str] = {}
        for name, column in names:
            value = _text(fields.get(column))
            if value is not None:
                custom[name] = value
        if composed:
            _compose(fields, custom)
        return Lead(standard, custom)

    return apply


def _compose(fields: Mapping[str, Any], custom: dict[str, str]) -> None:
    first, last = _text(fields.get("first_name")), _text(fields.get("last_name"))
    if first is not None and last is not None:
        custom["fullName"] = f"{first} {last}"
    amount = _text(fields.get("amount"))
    custom["bigJob"] = "true" if amount is not None and float(amount) > 10_000 else "false"
    for name, columns in (("where", ("city", "town")), ("through", ("channel", "campaign"))):
        for column in columns:
            value = _text(fields.get(column))
            if value is not None:
                custom[name] = value
                break
