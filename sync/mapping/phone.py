"""Phone numbers as the Standard API's example has them: ten digits, or E.164 outside of +1.

A number is accepted by its length and structure, not by whether the library's table of assigned
area codes and exchanges knows it: that table ages, and a real customer with a new area code must
not be refused. So ``is_possible`` decides, and for +1 the rule of the North American Numbering Plan
that neither the area code nor the exchange begins with 0 or 1. (It also lets (804) 555-0123 pass,
which a table of assigned numbers need not.)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from sync.mapping.text import Unfit, clean, is_nan, shape

Normaliser = Callable[[Any], str | None]

#: The country code of the North American Numbering Plan.
_NANP = 1
#: Regions whose country code is 1 and that need no look-up to know it.
_PLAIN_REGIONS = ("US", "CA")
_PLAIN = re.compile(r"(?:\+?1[ .-]?)?\(?([2-9]\d\d)\)?[ .-]?([2-9]\d\d)[ .-]?(\d{4})", re.ASCII)
_NATIONAL = re.compile(r"[2-9]\d\d[2-9]\d{6}", re.ASCII)
_EXTENSION = re.compile(
    r"[\s,;.(\[]*(?:;ext=|extension|extn|ext|x|#|,,)[\s.:=#]*\d{1,7}[)\]\s]*$", re.IGNORECASE
)
#: Whatever stands before the first digit or plus (a label, "p:", "tel:") and after the last digit.
_AROUND = re.compile(r"^[^\d+\uff0b]*|[^\d]+$")
_SPREADSHEET = re.compile(r"(\d+)\.0+", re.ASCII)
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?e\+?(\d+)", re.ASCII | re.IGNORECASE)
#: The library reads at most 250 characters; a cell of prose isn't worth as much.
_LONGEST = 100


def regions() -> frozenset[str]:
    """Return the country codes that `region` may be."""
    from phonenumbers import SUPPORTED_REGIONS

    return frozenset(SUPPORTED_REGIONS)


def phone_normaliser(region: str = "US") -> Normaliser:
    """Return a function from any value to a phone number, None when there is none.

    Args:
        region: ISO 3166 code of the country that numbers without a country code belong to.

    The function raises `Unfit` when there is something that is not a phone number.

    """
    return partial(_normalise, region=region)


def _normalise(value: Any, region: str) -> str | None:
    text = clean(value) if type(value) is str else _text(value)
    if not text:
        return None
    match = _PLAIN.fullmatch(text) if region in _PLAIN_REGIONS else None
    if match:
        return "".join(match.groups())
    found = _parsed(text, region)
    if found is None:
        raise Unfit(_complaint(value, text, region))
    return found


def _text(value: Any) -> str | None:
    if value is None or is_nan(value):
        return None
    if isinstance(value, str):
        return clean(value)
    whole = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    if whole and 0 < value < 10**20 and value == int(value):
        return str(int(value))
    if isinstance(value, (list, tuple, dict)) and not value:
        return None
    raise Unfit(f"{shape(value)}: not a phone number")


@lru_cache(maxsize=8192)
def _parsed(text: str, region: str) -> str | None:
    """Return the number, None when the text is none. Costs 10 to 30 microseconds, hence the cache."""
    bare = _bare(text)
    if bare is None:
        return None
    import phonenumbers

    try:
        number = phonenumbers.parse(bare, region)
    except phonenumbers.NumberParseException:
        return None
    # A number that is only dialled within its town is "possible" to `is_possible_number`.
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    national = str(phonenumbers.national_significant_number(number))
    if number.country_code != _NANP:
        return f"+{number.country_code}{national}"
    return national if _NATIONAL.fullmatch(national) else None


def _bare(text: str) -> str | None:
    """Take away labels and the extension. A letter left among the digits makes it no number.

    The library would spell letters as on a dial, so that "804-555 cell" became somebody's number.
    """
    if len(text) > _LONGEST:
        return None
    number = _SPREADSHEET.fullmatch(text)
    if number:
        return number[1]
    if _SCIENTIFIC.fullmatch(text):
        return _written_out(text)
    bare = _AROUND.sub("", _EXTENSION.sub("", text))
    return None if any(map(str.isalpha, bare)) else bare


def _written_out(text: str) -> str | None:
    """Read 8.045550123E+09, unless digits were lost as in 8.05E+09."""
    match = _SCIENTIFIC.fullmatch(text)
    if not match or len(match[2] or "") != int(match[3]):
        return None
    return match[1] + (match[2] or "")


def _complaint(value: Any, text: str, region: str) -> str:
    if _SCIENTIFIC.fullmatch(text):
        return "a number in scientific notation has lost its last digits; format the column as text"
    known = "ten digits" if region in _PLAIN_REGIONS else f"a number of region {region}"
    return f"{shape(value)}: not a phone number; expected {known}, or + and a country code"
