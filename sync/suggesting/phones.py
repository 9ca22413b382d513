"""Which values look like phone numbers, and the country of those that don't say it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from sync.suggesting.dates import times_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LABEL = re.compile(r"^'?(?:p|tel|phone|mobile|cell|telefon|handy|ph|t|m)\s*[:.]\s*|^'", re.IGNORECASE)
_EXTENSION = re.compile(r"[\s,;]*(?:x|ext\.?|extension|#|durchwahl)\s*\d{1,6}$", re.IGNORECASE)
_SHAPE = re.compile(r"\+?[\d\s()./\u2010-\u2015\u00a0-]+")
_NANP = re.compile(r"1?[2-9]\d\d[2-9]\d{6}", re.ASCII)
_FEWEST, _MOST = 7, 15
_FEWEST_WRITTEN = 9
#: Where numbers that don't fit America may be from, the likeliest first.
_REGIONS = ("DE", "GB", "FR", "ES", "AT", "CH", "IT", "NL", "MX", "AU", "BR", "IE", "NZ", "BE", "PL", "SE")
#: The share of numbers that has to fit a country.
_ENOUGH = 0.6
_NORTH_AMERICA = ("US", "CA")


def phone_share(values: Sequence[Any]) -> float:
    """Return the share of values that look like phone numbers, 0 to 1."""
    found = [value for value in values if digits_of(value)]
    return len(found) / len(values) if values else 0.0


def written_share(values: Sequence[Any]) -> float:
    """Return the share of values that are written as only phone numbers are: +1…, (804) …, 804-555-0123."""
    found = [value for value in values if isinstance(value, str) and _is_written(value)]
    return len(found) / len(values) if values else 0.0


def _is_written(value: str) -> bool:
    text = _LABEL.sub("", value.strip())
    marked = text.startswith(("+", "(", "00")) or len(re.findall(r"\d+", text)) >= 3  # noqa: PLR2004 - groups
    return marked and len(digits_of(value)) >= _FEWEST_WRITTEN


def digits_of(value: Any) -> str:
    """Return the digits of what looks like a phone number, with its plus; nothing for anything else."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, (int, float)):
        text = str(int(value)) if value == value and abs(value) < 10**16 and value == int(value) else ""  # noqa: PLR0124
    else:
        text = _LABEL.sub("", value.strip()) if isinstance(value, str) else ""
    text = re.split(r"\s*[;|]\s*|\s+/\s+|,\s+(?=[+(\d])", text)[0]  # two in one cell: the first
    text = _EXTENSION.sub("", text)
    digits = "".join(filter(str.isdigit, text))
    if not _SHAPE.fullmatch(text) or not _FEWEST <= len(digits) <= _MOST or times_in([text]).share:
        return ""
    return ("+" if text.startswith(("+", "00")) else "") + digits.removeprefix("00")


def region_of(values: Iterable[Any], hints: Sequence[str] = ()) -> tuple[str | None, str]:
    """Return the country of numbers without a country code, and why; None for America, and unknown ones.

    Args:
        values: what the phone columns hold.
        hints: countries that something else speaks for, as the language of the columns' names.

    """
    numbers = [digits for digits in map(digits_of, values) if digits]
    abroad = [number for number in numbers if number.startswith("+")]
    national = [number for number in numbers if not number.startswith("+")]
    american = sum(1 for number in national if _NANP.fullmatch(number))
    if national and american / len(national) >= _ENOUGH:
        return None, ""
    said = _said(abroad)
    if said and (not national or _fits(national, said) >= _ENOUGH):
        return (
            (None, "") if said in _NORTH_AMERICA else (said, f"most numbers with a country code are {said}'s")
        )
    if not national:
        return None, ""
    fits = {region: _fits(national, region) for region in dict.fromkeys((*hints, *_REGIONS))}
    best = max(fits, key=lambda region: fits[region])
    return (best, "unsure: they fit the numbers there") if fits[best] >= _ENOUGH else (None, "")


def _said(numbers: Sequence[str]) -> str | None:
    """Return the country that most of the numbers with a country code belong to."""
    import phonenumbers

    counts: Counter[str] = Counter()
    for number in numbers:
        try:
            code = phonenumbers.parse(number, None).country_code or 0
        except phonenumbers.NumberParseException:
            continue
        counts[str(phonenumbers.region_code_for_country_code(code))] += 1
    best = counts.most_common(1)
    return best[0][0] if best and best[0][0] != "ZZ" else None


def _fits(numbers: Sequence[str], region: str) -> float:
    import phonenumbers

    def fits(number: str) -> bool:
        try:
            return bool(phonenumbers.is_valid_number_for_region(phonenumbers.parse(number, region), region))
        except phonenumbers.NumberParseException:
            return False

    return sum(map(fits, numbers)) / len(numbers)
