"""Phone numbers as the Standard API's example has them: ten digits, or E.164 outside of +1.

A number is accepted by its length and structure, not by whether the library's table of assigned
area codes and exchanges knows it: that table ages, and a real customer with a new area code must
not be refused. So ``is_possible`` decides, and for +1 the rule of the North American Numbering Plan
that neither the area code nor the exchange begins with 0 or 1. (It also lets (804) 555-0123 pass,
which a table of assigned numbers need not.)

A value with two numbers holds the first or the last of them, as `several` says. What can't report that
there were two takes neither of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, overload

from sync.located_yaml import did_you_mean
from sync.mapping.narrowing import narrow_number
from sync.mapping.several import Noted, Several, chosen, distinct, read_all
from sync.mapping.text import Unfit, clean, is_nan, shape

Normaliser = Callable[[Any], str | None]
NotingNormaliser = Callable[[Any], str | Noted | None]

#: The country code of the North American Numbering Plan.
_NANP = 1
#: Regions whose country code is 1 and that need no look-up to know it.
_PLAIN_REGIONS = ("US", "CA")
_PLAIN = re.compile(r"(?:\+?1[ .-]?)?\(?([2-9]\d\d)\)?[ .-]?([2-9]\d\d)[ .-]?(\d{4})", re.ASCII)
_NATIONAL = re.compile(r"[2-9]\d\d[2-9]\d{6}", re.ASCII)
_EXTENSION = re.compile(
    r"[\s,;.(\[]*(?:;ext=|extension|extn|ext|x|#|,,)[\s.:=#]*(\d{1,7})[)\]\s]*$", re.ASCII | re.IGNORECASE
)
#: Whatever stands before the first digit or plus (a label, "p:", "tel:") and after the last digit.
_AROUND = re.compile(r"^[^\d+]*|[^\d]+$", re.ASCII)
_SPREADSHEET = re.compile(r"(\d+)\.0+", re.ASCII)
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?e\+?(\d+)", re.ASCII | re.IGNORECASE)
#: The library reads at most 250 characters; a cell of prose isn't worth as much.
_LONGEST = 100
_LONGEST_OF_SEVERAL = 300
_DIGIT = re.compile(r"\d", re.ASCII)
#: What people write between or beside two numbers. Any other word among digits makes them no numbers.
_WORDS = (
    "or|and|oder|und|home|work|office|cell|mobile|mobil|handy|privat|evening|day|main|other|alt|primary|"
    "secondary|phone|tel|fax|[hcwmop]"
)
#: From what parts two numbers for certain to what also stands within one.
_BETWEEN = (
    re.compile(rf"[;|&\n\r\t]+|(?<![^\W\d_])(?:{_WORDS})(?![^\W\d_])", re.IGNORECASE),
    re.compile(r",+"),
    re.compile(r"\s/+\s"),
    re.compile(r"/+"),
    re.compile(r"(?<=\d)\s*(?=\+)", re.ASCII),
    re.compile(r"(?<=\d{4})\s+(?=[(\d])", re.ASCII),
)


@dataclass(frozen=True, slots=True)
class _Phone:
    number: str
    extension: str | None


def regions() -> frozenset[str]:
    """Return the country codes that `region` may be."""
    from phonenumbers import SUPPORTED_REGIONS

    return frozenset(SUPPORTED_REGIONS)


def check_region(region: str) -> str:
    """Return a region as it is, when there is such a country.

    Raises:
        ValueError: when there is none, with the one that may be meant.

    """
    if region in regions():
        return region
    meant = " (the United Kingdom is GB)" if region.upper() == "UK" else did_you_mean(region, regions())
    raise ValueError(f"there is no country {region}{meant}; expected two capital letters as in US")


@overload
def phone_normaliser(region: str = "US") -> Normaliser: ...
@overload
def phone_normaliser(region: str = "US", *, several: Several) -> NotingNormaliser: ...
def phone_normaliser(region: str = "US", *, several: Several | None = None) -> NotingNormaliser:
    """Return a function from any value to a phone number, None when there is none.

    Args:
        region: ISO 3166 code of the country that numbers without a country code belong to.
        several: which of two numbers in one value is meant. When given, the function returns `Noted` for
            a number that there is something to say about: a warning, an extension. Otherwise it returns
            mere text, and refuses a value with two numbers.

    The function raises `Unfit` when there is something that is no phone number.

    """
    if several is None:
        return partial(_normalise, region=region)
    return partial(_noted, region=region, several=several)


def _normalise(value: Any, region: str) -> str | None:
    found = _noted(value, region, "reject")
    return found.text if isinstance(found, Noted) else found


def _noted(value: Any, region: str, several: Several) -> str | Noted | None:
    text = clean(value) if type(value) is str else _text(value)
    if not text:
        return None
    match = _PLAIN.fullmatch(text) if region in _PLAIN_REGIONS else None
    if match:
        return "".join(match.groups())
    text = narrow_number(text)
    phones = _all_in(text, region)
    if not phones:
        raise Unfit(_complaint(value, text, region))
    phone, warning = chosen(phones, several, "phone numbers")
    if phone.extension is None and warning is None:
        return phone.number
    return Noted(phone.number, warning, phone.extension)


@lru_cache(maxsize=8192)
def _all_in(text: str, region: str) -> tuple[_Phone, ...]:
    """Return the numbers in a text, each once. Costs 10 microseconds or more, hence the cache."""
    if len(text) > _LONGEST_OF_SEVERAL:
        return ()
    found = read_all(text, partial(_parsed, region=region), _BETWEEN, _DIGIT)
    return distinct(found, lambda phone: phone.number)


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


def _parsed(text: str, region: str) -> _Phone | None:
    """Return the number, None when the text is not one."""
    bare, extension = _bare(text)
    number = None if bare is None else _number(bare, region)
    return None if number is None else _Phone(number, extension)


def _number(bare: str, region: str) -> str | None:
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


def _bare(text: str) -> tuple[str | None, str | None]:
    """Take away labels and the extension. A letter left among the digits makes it no number.

    The library would spell letters as on a dial, so that "804-555 cell" became somebody's number.
    """
    if len(text) > _LONGEST:
        return None, None
    number = _SPREADSHEET.fullmatch(text)
    if number:
        return number[1], None
    if _SCIENTIFIC.fullmatch(text):
        return _written_out(text), None
    extension = _EXTENSION.search(text)
    bare = _AROUND.sub("", text[: extension.start()] if extension else text)
    return None if any(map(str.isalpha, bare)) else bare, extension[1] if extension else None


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
