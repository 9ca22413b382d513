"""One text form for every value, and the shape of a value for messages that must not show it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

#: What a property can't carry or nobody sees. PostgreSQL refuses NUL, terminals and CSV readers other
#: controls; soft hyphens, zero-width spaces and byte order marks are left by copy and paste.
_UNSEEN = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xad\u200b\u2060\ufeff"
#: Spaces that don't break or are of another width. That of Japanese stays what it is.
_SPACES = "\xa0\u1680\u2000-\u200a\u202f\u205f"
_ODD = re.compile(f"[{_UNSEEN}{_SPACES}]")
_SPACE = re.compile(f"[{_SPACES}]")
#: They join letters and emoji, and have nothing to join at the ends.
_JOINERS = "\u200c\u200d"
#: Whole floats from here on are written by Python in the short form, since most digits are made up.
_EXACT = 1e21
#: A property never needs an integer of more digits; Python refuses to write one of over 4300.
_LONGEST = 4000


class Unfit(ValueError):
    """A value that its field can't hold. The message says why, with the shape of the value only."""


def clean(value: str) -> str:
    """Return text as it was meant: trimmed, and without what got into it on its way.

    Control characters, zero-width spaces, byte order marks and broken Unicode go; spaces that don't break
    become plain ones; complete HTML entities become what they stand for. Everything else stays.
    """
    if value.isprintable() and "&" not in value:  # no control, no odd space, no surrogate
        return value.strip()
    return _cleaned(value)


def _cleaned(value: str) -> str:
    if not value.isascii():
        # Joins surrogates that belong together and replaces lone ones: JSON can hold neither.
        value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    value = _tidied(value)
    if "&" not in value or ";" not in value:
        return value
    from sync.mapping.entities import without_entities

    return without_entities(value, _tidied)


def _tidied(value: str) -> str:
    value = _ODD.sub(_replacement, value).strip()
    while value and (value[0] in _JOINERS or value[-1] in _JOINERS):
        value = value.strip(_JOINERS).strip()
    return value


def _replacement(match: re.Match[str]) -> str:
    return " " if _SPACE.match(match[0]) else ""


def text_of(value: Any) -> str | None:
    """Return the text form of one value, None when it is null, missing or empty.

    7 and 7.0 are "7", true is "true", a date is ISO 8601, NaN is missing.

    Raises:
        Unfit: when it is a list or an object, or a number that is infinite.

    """
    if type(value) is str:
        # As in `clean`; nearly every value comes by here.
        plain = value.isprintable() and "&" not in value
        return (value.strip() if plain else _cleaned(value)) or None
    if value is None:
        return None
    if type(value) is int:
        return _integer(value)
    return _other(value)


def _other(value: Any) -> str | None:
    if isinstance(value, (int, float, Decimal)):
        return _number(value)
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex() or None
    if isinstance(value, (Mapping, list, tuple, set, frozenset)):
        if not value:
            return None
        raise Unfit(f"{shape(value)} is not one value; name one of its parts, as in `name.part` or `name.0`")
    return clean(str(value)) or None


def _integer(value: int) -> str:
    try:
        return str(value)
    except ValueError as error:  # over Python's limit of digits
        raise Unfit(f"{shape(value)} is too long") from error


def _number(value: float | Decimal) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return _integer(int(value))
    if is_nan(value):
        return None
    if not is_finite(value):
        raise Unfit("a number is infinite")
    return _decimal(value) if isinstance(value, Decimal) else _float(value)


def is_nan(value: Any) -> bool:
    """Tell whether a value is "not a number", which is how data frames and spreadsheets write nothing."""
    if isinstance(value, Decimal):
        return value.is_nan()  # a signalling one can't even be compared
    return isinstance(value, float) and math.isnan(value)


def is_finite(value: float | Decimal) -> bool:
    """Tell whether a number is neither infinite nor NaN; decimals may be larger than any float."""
    if isinstance(value, Decimal):
        return value.is_finite()
    return isinstance(value, int) or math.isfinite(value)  # an integer may be too large for a float


def is_huge(value: float | Decimal) -> bool:
    """Tell whether a decimal is so large that writing out its digits would cost time and memory."""
    return isinstance(value, Decimal) and abs(value.adjusted()) > _LONGEST


def _float(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)


def _decimal(value: Decimal) -> str:
    if not value:
        return "0"
    if is_huge(value):
        raise Unfit("a number is too long")
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def shape(value: Any) -> str:
    """Say what a value looks like without saying what it is: "9 digits", "text of 12 characters"."""
    if isinstance(value, str):
        return _shape_of_text(value.strip())
    if isinstance(value, (int, float, Decimal)):
        return _shape_of_number(value)
    if isinstance(value, Mapping):
        return f"an object of {_count(len(value), 'value')}"
    if isinstance(value, (list, tuple, set, frozenset)):
        return f"a list of {_count(len(value), 'value')}"
    if isinstance(value, (date, time)):
        return "a date" if isinstance(value, date) else "a time of day"
    return f"a value of type {type(value).__name__}"


def _shape_of_number(value: float | Decimal) -> str:
    if isinstance(value, bool):
        return "true or false"
    if not is_finite(value) or is_huge(value):
        return "a number"
    try:
        if value % 1:
            return "a number with decimals"
        return f"a number of {_count(len(str(abs(int(value)))), 'digit')}"
    except (ValueError, ArithmeticError):  # over Python's limit of digits, or not finite
        return "a number"


def _shape_of_text(value: str) -> str:
    digits = sum(map(str.isdigit, value))
    if digits and not any(map(str.isalpha, value)) and "@" not in value:
        return _count(digits, "digit")
    return f"text of {_count(len(value), 'character')}" + (f", {digits} of them digits" if digits else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
