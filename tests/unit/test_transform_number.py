"""Numbers as people write them, and none that may be another."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sync.mapping.transforms.number import number


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1234", 1234),
        ("-5", -5),
        ("\u22127", -7),
        ("$1,234.50", 1234.5),
        ("-$5", -5),
        ("$-5", -5),
        ("(1,234.5)", -1234.5),
        ("USD 1,000.00", 1000),
        ("12.5 EUR", 12.5),
        ("1 234", 1234),
        ("1\u202f234", 1234),
        ("1'234", 1234),
        ("1\u2019234.5", 1234.5),
        (".5", 0.5),
        ("5.", 5),
        ("1e3", 1000),
        ("\uff11\uff12", 12),
        ("\u0663\u0664", 34),
        (7, 7),
        (7.5, 7.5),
        (0.1, 0.1),
        (Decimal("7.50"), 7.5),
        (10**30, 10**30),
        ("0.1234567890123456789", "0.1234567890123456789"),
    ],
)
def test_numbers(value: object, expected: float | str) -> None:
    found = number(value)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize("value", ["1,23", "1.234.567", "1,2,3", "1,234,56", "1 23", "1,234 567"])
def test_thousands_come_in_threes(value: str) -> None:
    with pytest.raises(
        ValueError, match='not a number with a decimal point; with a decimal comma, say decimal: ","'
    ):
        number(value)


@pytest.mark.parametrize(
    "value", ["12%", "10k", "0x10", "--5", "5-", "(5", "5)", "$", "1/2", "7 or 8", "1e999", "9" * 101, True]
)
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="not a number"):
        number(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1.234,50", 1234.5), ("1 234,5", 1234.5), ("12,5", 12.5), ("1.234", 1234), (12.5, 12.5)],
)
def test_a_decimal_comma(value: object, expected: float) -> None:
    assert number(value, decimal=",") == expected


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        ("2.5", 0, "3"),
        ("0.125", 2, "0.13"),
        ("-0.001", 2, "0.00"),
        (7, 2, "7.00"),
        ("1e30", 1, "1" + "0" * 30 + ".0"),
    ],
)
def test_places_round_half_up(value: object, places: int, expected: str) -> None:
    assert number(value, places=places) == expected


def test_too_many_places_are_refused() -> None:
    with pytest.raises(ValueError, match="no more than 15 decimals"):
        number(7, places=16)
