"""Numbers, as people and spreadsheets write them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Literal

from sync.mapping.narrowing import narrow_number
from sync.mapping.text import Unfit, shape, text_of
from sync.mapping.transforms._options import Count

#: Signs and codes of money, in front or behind.
_MONEY = r"(?:[$€£¥₹₽₩]|(?:US|CA|C|AU|A|NZ)\$|USD|EUR|GBP|CAD|AUD|NZD|CHF|MXN|INR|JPY)"
_FRAME = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[+-])?\s*(?:{_MONEY}\s*(?P<inner>[+-])?\s*)?"
    rf"(?P<body>[\d.,'\u2019 ]*\d[.,]?)\s*(?:{_MONEY})?\s*(?(open)\))",
    re.ASCII | re.IGNORECASE,
)
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?e[+-]?\d{1,3}", re.ASCII | re.IGNORECASE)
_POINT = re.compile(r"(?:\d{1,3}(?:([,'\u2019 ])\d{3})?(?:\1\d{3})*|\d+)?(?:\.\d*)?", re.ASCII)
_COMMA = re.compile(r"(?:\d{1,3}(?:([.'\u2019 ])\d{3})?(?:\1\d{3})*|\d+)?(?:,\d*)?", re.ASCII)
_LONGEST = 100
_MOST_PLACES = 15


def number(
    value: object, *, decimal: Literal[".", ","] = ".", places: Count | None = None
) -> int | float | str | None:
    """A number out of "$1,234.50", "1 234", "(12)" for minus twelve, and the like.

    Args:
        value: a number or text; signs and codes of money around it are left out.
        decimal: what stands before the decimals; commas, points, spaces and apostrophes part thousands.
        places: how many decimals it has, rounded half up, as text: 2 for "1234.50".

    Returns:
        The number; as text when `places` is given, or when a float would change its digits.

    Raises:
        ValueError: when it is no number, or its thousands are not in threes, as with the other `decimal`.

    Examples:
        >>> number("$1,234.50"), number("1'000 CHF"), number("(12)")
        (1234.5, 1000, -12)
        >>> number("1.234,5 €", decimal=",")
        1234.5
        >>> number("1234.5", places=2), number(7, places=2)
        ('1234.50', '7.00')
        >>> number("12,5")
        Traceback (most recent call last):
        ValueError: 3 digits: not a number with a decimal point; with a decimal comma, say decimal: ","
        >>> number("about 7")
        Traceback (most recent call last):
        ValueError: text of 7 characters, 1 of them digits: not a number; expected one as in 1,234.50

    """
    text = text_of(value)
    if text is None:
        return None
    if isinstance(value, bool):
        raise Unfit("true or false: not a number; expected one as in 1,234.50")
    found = _exact(narrow_number(text), "." if isinstance(value, (int, float, Decimal)) else decimal)
    if places is not None:
        return _rounded(found, places)
    return _plain(found)


def _exact(text: str, decimal: str) -> Decimal:
    if len(text) > _LONGEST:
        raise Unfit(f"{shape(text)}: not a number; it is too long")
    if _SCIENTIFIC.fullmatch(text):
        return _scientific(text)
    match = _FRAME.fullmatch(text)
    if not match:
        raise Unfit(f"{shape(text)}: not a number; expected one as in {_sample(decimal)}")
    body = match["body"]
    if not (_COMMA if decimal == "," else _POINT).fullmatch(body):
        raise Unfit(f"{shape(text)}: not a number with a decimal {_other(decimal)}")
    found = Decimal(
        re.sub(r"[^\d.]", "", body.replace(".", "").replace(",", ".") if decimal == "," else body)
    )
    return -found if match["open"] or "-" in (match["sign"], match["inner"]) else found


def _scientific(text: str) -> Decimal:
    found = Decimal(text)
    if found and abs(found.adjusted()) > _LONGEST:
        raise Unfit(f"{shape(text)}: not a number; it is too long")
    return found


def _sample(decimal: str) -> str:
    return "1.234,50" if decimal == "," else "1,234.50"


def _other(decimal: str) -> str:
    if decimal == ",":
        return 'comma; with a decimal point, say decimal: "."'
    return 'point; with a decimal comma, say decimal: ","'


def _plain(found: Decimal) -> int | float | str:
    if found == found.to_integral_value():
        return int(found)
    close = float(found)
    return close if Decimal(repr(close)) == found else format(found, "f")


def _rounded(found: Decimal, places: int) -> str:
    if places > _MOST_PLACES:
        raise Unfit(f"no more than {_MOST_PLACES} decimals can be asked for")
    with localcontext(prec=2 * _LONGEST + places):
        digits = found.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return format(digits or abs(digits), "f")
