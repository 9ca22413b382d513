"""Countries: codes and names as people write them, and none that is only guessed."""

from __future__ import annotations

import pytest

from sync.mapping import countries
from sync.mapping.transforms.country import country


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("US", "US"),
        ("us", "US"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("840", "US"),
        ("United States of America", "US"),
        ("Estados Unidos", "US"),
        ("EE. UU.", "US"),
        ("UK", "GB"),
        ("England", "GB"),
        ("Northern Ireland", "GB"),
        ("Deutschland", "DE"),
        ("Österreich", "AT"),
        ("Oesterreich", "AT"),
        ("osterreich", "AT"),
        ("España", "ES"),
        ("The Netherlands", "NL"),
        ("Bahamas, The", "BS"),
        ("Korea, Republic of", "KR"),
        ("Republic of Korea", "KR"),
        ("South Korea", "KR"),
        ("대한민국", "KR"),
        ("Россия", "RU"),
        ("日本", "JP"),
        ("Cote d\u2019Ivoire", "CI"),
        ("St. Lucia", "LC"),
        ("Trinidad & Tobago", "TT"),
        ("Bosnia-Herzegovina", "BA"),
        ("Turkey", "TR"),
        ("Türkiye", "TR"),
        ("Georgia", "GE"),
        ("NA", "NA"),
        ("\uff35\uff33", "US"),
    ],
)
def test_names_and_codes(value: str, code: str) -> None:
    assert country(value) == code
    assert country(country(value, to="name")) == code
    assert country(country(value, to="alpha3")) == code


def test_names_are_those_that_people_say() -> None:
    names = [country(code, to="name") for code in ("US", "GB", "KR", "VN", "CI", "CZ", "BS")]
    assert names == [
        *(
            "United States",
            "United Kingdom",
            "South Korea",
            "Vietnam",
            "Côte d\u2019Ivoire".replace("\u2019", "'"),
        ),
        *("Czechia", "Bahamas"),
    ]


@pytest.mark.parametrize("value", ["Korea", "Virgin Islands", "XX", "Texas", "Atlantis", "-", "999", "US/CA"])
def test_what_is_none_or_one_of_two_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="not a country; expected a code as US"):
        country(value)


def test_no_name_belongs_to_two_countries() -> None:
    owners: dict[str, set[str]] = {}
    for code, each in countries._library().items():
        for name in countries.names_of(code, each):
            owners.setdefault(countries._word(name), set()).add(code)
    assert {name: codes for name, codes in owners.items() if len(codes) > 1} == {}
