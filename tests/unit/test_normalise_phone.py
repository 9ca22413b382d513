"""Phone numbers: what is taken, what is refused, and that nobody else's number ever comes out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.mapping.phone import phone_normaliser, regions
from sync.mapping.text import Unfit

american = phone_normaliser()
british = phone_normaliser("GB")


@pytest.mark.parametrize(
    "value",
    [
        "8045550123",
        "(804) 555-0123",
        "804-555-0123",
        "804.555.0123",
        "804 555 0123",
        "804/555/0123",
        "(804)555-0123",
        "804\u2013555\u20130123",
        "1 804 555 0123",
        "1-804-555-0123",
        "18045550123",
        "+1 (804) 555-0123",
        "+18045550123",
        "p:+18045550123",
        "tel:+1-804-555-0123",
        "phone: 804 555 0123",
        "cell 804-555-0123",
        "804-555-0123 (cell)",
        "804-555-0123 mobile",
        "804-555-0123 x123",
        "804-555-0123 ext. 9",
        "804-555-0123, extension 44",
        "8045550123;ext=5",
        "804-555-0123 #12",
        "804-555-0123,,12",
        "  804 555 0123\u200b\n",
        "\u202a804 555 0123",
        "\uff18\uff10\uff14\uff15\uff15\uff15\uff10\uff11\uff12\uff13",
        "(\uff18\uff10\uff14) 555\uff0d0123",
        "\u0668\u0660\u0664\u0665\u0665\u0665\u0660\u0661\u0662\u0663",
        "804\xa0555\u20110123",
        "\u2066804-555-0123\u2069",
        "804-555-0123\xb2",
        "804-555-0123 / n/a",
        "804-555-0123, (804) 555 0123",
        "8045550123.0",
        "8.045550123E+09",
        8045550123,
        8045550123.0,
        18045550123,
        Decimal("8045550123.00"),
    ],
)
def test_ten_digits_come_out_of_every_american_spelling(value: Any) -> None:
    assert american(value) == "8045550123"


@pytest.mark.parametrize(
    ("region", "value", "expected"),
    [
        ("US", "+44 20 7946 0958", "+442079460958"),
        ("US", "011 44 20 7946 0958", "+442079460958"),
        ("GB", "020 7946 0958", "+442079460958"),
        ("GB", "+1 804 555 0123", "8045550123"),
        ("GB", 2079460958, "+442079460958"),
        ("CA", "(647) 555-0123", "6475550123"),
        ("BS", "242 555 0123", "2425550123"),
        ("IT", "06 1234 5678", "+390612345678"),
        ("DE", "030 901820", "+4930901820"),
    ],
)
def test_the_country_code_decides_the_form(region: str, value: Any, expected: str) -> None:
    assert phone_normaliser(region)(value) == expected


def test_a_new_area_code_that_no_table_knows_is_taken() -> None:
    number = phonenumbers.parse("2215550123", "US")
    assert not phonenumbers.is_valid_number(number)
    assert american("221 555 0123") == "2215550123"


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("5550123", "7 digits"),
        ("804555012", "9 digits"),
        ("80455501234", "11 digits"),
        ("055-555-0123", "10 digits"),
        ("804-155-0123", "10 digits"),
        ("104-555-0123", "10 digits"),
        ("+1+8045550123", "11 digits"),
        ("+8045550123", "10 digits"),
        ("+2125550123", "10 digits"),
        ("8045550123/4", "11 digits"),
        ("ref 8045550123 order 8045550124", "text of 31 characters, 20 of them digits"),
        ("804-555-0123; 804-555", "16 digits"),
        ("804-555 cell", "text of 12 characters, 6 of them digits"),
        ("804-555 home", "text of 12 characters, 6 of them digits"),
        ("1-800-FLOWERS", "text of 13 characters, 4 of them digits"),
        ("x5550123", "text of 8 characters, 7 of them digits"),
        ("n/a", "text of 3 characters"),
        ("-", "text of 1 character"),
        ("9" * 400, "400 digits"),
        (911, "a number of 3 digits"),
        (804555012.5, "a number with decimals"),
        (-8045550123, "a number of 10 digits"),
        (True, "true or false"),
        (["8045550123"], "a list of 1 value"),
        ({"number": "8045550123"}, "an object of 1 value"),
        (float("inf"), "a number"),
    ],
)
def test_what_is_no_number_is_refused_with_its_shape_only(value: Any, shape: str) -> None:
    with pytest.raises(Unfit) as refused:
        american(value)
    assert str(refused.value).startswith(f"{shape}: not a phone number")
    if isinstance(value, str) and len(value) > 3:
        assert value not in str(refused.value)


def test_letters_are_never_dialled() -> None:
    """The library spells "cell" as 2355, which makes a whole number that may be anybody's."""
    assert phonenumbers.is_possible_number(phonenumbers.parse("804-555 cell", "US"))
    with pytest.raises(Unfit):
        american("804-555 cell")


def test_digits_that_a_spreadsheet_lost_are_not_made_up() -> None:
    with pytest.raises(
        Unfit, match="scientific notation has lost its last digits; format the column as text"
    ):
        american("8.05E+09")


@pytest.mark.parametrize("value", [None, "", "   ", "\u200b", float("nan"), [], {}])
def test_nothing_is_nothing(value: Any) -> None:
    assert american(value) is None


def test_the_expectation_names_the_region() -> None:
    with pytest.raises(Unfit, match="expected a number of region GB, or \\+ and a country code"):
        british("12")


def test_regions_are_iso_codes() -> None:
    assert {"US", "CA", "GB", "PR"} <= regions()
    assert "UK" not in regions()


_ten = st.from_regex(r"[0-9]{10}", fullmatch=True)
_frames = st.sampled_from(["{}", "+1{}", "1{}", "+1 {}", "1-{}"])
_spellings = st.sampled_from(["{}{}{}", "({}) {}-{}", "{}-{}-{}", "{}.{}.{}", "{} {} {}", "({}){}-{}"])


@given(_ten, _frames, _spellings)
def test_the_quick_way_agrees_with_the_library(digits: str, frame: str, spelling: str) -> None:
    text = frame.format(spelling.format(digits[:3], digits[3:6], digits[6:]))
    number = phonenumbers.parse(text, "US")
    national = phonenumbers.national_significant_number(number)
    structure = len(national) == 10 and national[0] in "23456789" and national[3] in "23456789"
    possible = phonenumbers.is_possible_number_with_reason(number) == 0 and number.country_code == 1
    try:
        assert american(text) == national
        assert possible
        assert structure
    except Unfit:
        assert not (possible and structure)


@given(
    st.one_of(
        st.text(), st.from_regex(r"[+(]?[0-9 ().+/x#-]{5,25}", fullmatch=True), st.integers(), st.floats()
    )
)
def test_whatever_comes_out_is_a_number_and_stays_as_it_is(value: Any) -> None:
    try:
        found = american(value)
    except Unfit:
        return
    if found is not None:
        assert (len(found) == 10 and found.isdigit()) or (found[0] == "+" and found[1:].isdigit())
        assert found.isascii()
        assert american(found) == found
