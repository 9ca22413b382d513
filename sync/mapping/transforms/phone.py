"""Phone numbers, in the form that the receiver wants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sync.mapping.phone import phone_normaliser
from sync.mapping.several import Noted, Several
from sync.mapping.transforms._options import Region

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber


def phone(
    value: str,
    *,
    region: Region = "US",
    format: Literal["hatch", "e164", "national", "international", "digits"] = "hatch",
    several: Several = "reject",
) -> str | None:
    """A phone number in one form, however it is written; an extension is left out.

    Args:
        value: a number, with a label or without.
        region: the country of numbers without a country code (ISO 3166).
        format: hatch (ten digits, or + and a country code), e164, national (as it is dialled within the
            region; numbers of elsewhere as international), international, or digits (e164 without its +).
        several: what happens when there are two: take the first or the last, or reject the value.

    Returns:
        The number.

    Raises:
        ValueError: when there is no whole phone number.

    Examples:
        >>> phone("p:+1 (804) 555-0123 x12")
        '8045550123'
        >>> phone("804.555.0123", format="e164")
        '+18045550123'
        >>> phone("020 7946 0958", region="GB", format="international")
        '+44 20 7946 0958'
        >>> phone("+1 804 555 0123", format="national"), phone("+1 804 555 0123", format="digits")
        ('(804) 555-0123', '18045550123')
        >>> phone("804-555-0123 or 804-555-0124", several="last")
        '8045550124'
        >>> phone("555-0123")
        Traceback (most recent call last):
        ValueError: 7 digits: not a phone number; expected ten digits, or + and a country code

    """
    found = phone_normaliser(region, several=several)(value)
    number = found.text if isinstance(found, Noted) else found
    if number is None or format == "hatch":
        return number
    e164 = number if number.startswith("+") else f"+1{number}"
    if format in ("e164", "digits"):
        return e164 if format == "e164" else e164[1:]
    return _written(e164, region, national=format == "national")


def _written(e164: str, region: str, *, national: bool) -> str:
    import phonenumbers

    number: PhoneNumber = phonenumbers.parse(e164)
    at_home = number.country_code == phonenumbers.country_code_for_region(region)
    form = phonenumbers.PhoneNumberFormat
    return str(
        phonenumbers.format_number(number, form.NATIONAL if national and at_home else form.INTERNATIONAL)
    )
