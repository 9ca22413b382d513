"""Countries by their codes of ISO 3166."""

from __future__ import annotations

from typing import Literal

from sync.mapping.countries import country_code, country_name, three_letters
from sync.mapping.text import Unfit, shape


def country(value: str, *, to: Literal["alpha2", "alpha3", "name"] = "alpha2") -> str:
    """A country by its code or its English name, of a code or a name as people write it.

    Args:
        value: a code of two or three letters, or a name, as US, USA, United States, Deutschland.
        to: alpha2 (US), alpha3 (USA) or name (United States).

    Returns:
        The code or the name.

    Raises:
        ValueError: when there is no such country, or it may be one of two, as Korea.

    Examples:
        >>> country("USA"), country("u.k."), country("Deutschland"), country("the Netherlands")
        ('US', 'GB', 'DE', 'NL')
        >>> country("Ivory Coast", to="alpha3"), country("CI", to="name")
        ('CIV', "Côte d'Ivoire")
        >>> country("Korea")
        Traceback (most recent call last):
        ValueError: text of 5 characters: not a country; expected a code as US or a name as United States

    """
    code = country_code(value)
    if code is None:
        raise Unfit(f"{shape(value)}: not a country; expected a code as US or a name as United States")
    return {"alpha2": code, "alpha3": three_letters(code), "name": country_name(code)}[to]
