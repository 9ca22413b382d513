"""Two phones in one value, and extensions: which is meant, what is said, and that numbers stay whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.mapping.phone import check_region, phone_normaliser
from sync.mapping.several import Noted
from sync.mapping.text import Unfit

first = phone_normaliser(several="first")
last = phone_normaliser(several="last")
german = phone_normaliser("DE", several="first")
TWO = "2 phone numbers in one value; the first is taken"


@pytest.mark.parametrize(
    "value",
    [
        "804-555-0123 / 804-555-0124",
        "8045550123/8045550124",
        "8045550123 or 8045550124",
        "804-555-0123; (804) 555-0124",
        "804-555-0123, 804-555-0124",
        "804-555-0123\n804-555-0124",
        "804-555-0123 | 804-555-0124",
        "804-555-0123 & 804-555-0124",
        "Home: 804-555-0123 Cell: 804-555-0124",
        "h 804-555-0123 c 804-555-0124",
        "804-555-0123 (home) 804-555-0124 (cell)",
        "+18045550123+18045550124",
        "8045550123 8045550124",
        "(804) 555-0123 (804) 555-0124",
        "\uff18\uff10\uff14-555-0123 / 804-555-0124",
    ],
)
def test_of_two_numbers_the_first_or_the_last_is_taken_and_it_is_said(value: str) -> None:
    assert first(value) == Noted("8045550123", TWO)
    assert last(value) == Noted("8045550124", TWO.replace("first", "last"))
    with pytest.raises(
        Unfit, match=r"^2 phone numbers in one value; expected one, or say which with several: "
    ):
        phone_normaliser(several="reject")(value)
    with pytest.raises(Unfit, match=r"^2 phone numbers"):
        phone_normaliser()(value)


def test_three_of_them_are_counted() -> None:
    found = first("804-555-0123; 804-555-0124, +44 20 7946 0958")
    assert found == Noted("8045550123", "3 phone numbers in one value; the first is taken")


def test_the_same_number_twice_is_one() -> None:
    assert first("804-555-0123, +1 804 555 0123") == "8045550123"


@pytest.mark.parametrize(
    "value",
    [
        "030/901820, 0171/1234567",
        "030/901820 oder 0171/1234567",
        "030/901820 0171/1234567",
        "Tel. 030/901820; Handy 0171/1234567",
    ],
)
def test_what_parts_two_numbers_may_also_stand_within_one(value: str) -> None:
    assert german(value) == Noted("+4930901820", TWO)
    assert german("030/901820") == "+4930901820"


@pytest.mark.parametrize(
    "value",
    [
        "804-555-0123 or ask for 7",
        "804-555-0123; 555-0124",
        "8045550123 8045550124 12",
        "call 8045550123 after 5",
    ],
)
def test_a_part_that_is_no_number_leaves_the_whole_in_doubt(value: str) -> None:
    with pytest.raises(Unfit, match="not a phone number"):
        first(value)


@pytest.mark.parametrize(
    ("value", "extension"),
    [
        ("804-555-0123 x123", "123"),
        ("804-555-0123 ext. 007", "007"),
        ("804-555-0123, extension 44", "44"),
        ("8045550123;ext=5", "5"),
        ("804-555-0123 #12", "12"),
        ("804-555-0123,,12", "12"),
        ("804-555-0123 (x9)", "9"),
        ("\uff18\uff10\uff145550123 \uff58\uff11\uff12", "12"),
    ],
)
def test_an_extension_is_told_apart(value: str, extension: str) -> None:
    assert first(value) == Noted("8045550123", None, extension)
    assert phone_normaliser()(value) == "8045550123"


def test_each_of_two_numbers_has_its_own_extension() -> None:
    assert first("804-555-0123 x12, 804-555-0124 x9") == Noted("8045550123", TWO, "12")
    assert last("804-555-0123 x12, 804-555-0124") == Noted("8045550124", TWO.replace("first", "last"))


def test_a_plain_number_is_mere_text() -> None:
    assert type(first("804-555-0123")) is str
    assert first("") is None


@pytest.mark.parametrize(
    ("region", "said"), [("UK", "the United Kingdom is GB"), ("us", "did you mean"), ("XX", "as in US")]
)
def test_a_region_that_is_none_is_said(region: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        check_region(region)
    assert check_region("GB") == "GB"


_numbers = st.sampled_from(["804-555-0123", "(804) 555-0124", "+44 20 7946 0958", "555-0123", "12", "cell"])
_between = st.sampled_from([" ", "; ", ",", "/", " or ", "\n", "+", " x", " and ", "&amp;"])


@given(st.lists(st.tuples(_numbers, _between), min_size=1, max_size=5))
def test_a_number_that_comes_out_stands_in_the_value(parts: list[tuple[str, str]]) -> None:
    try:
        found = first("".join(number + between for number, between in parts))
    except Unfit:
        return
    number = found.text if isinstance(found, Noted) else found
    assert number in ("8045550123", "8045550124", "+442079460958")
