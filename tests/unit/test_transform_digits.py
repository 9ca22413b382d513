"""Digits and nothing else, in whichever script."""

from __future__ import annotations

import pytest

from sync.mapping.transforms.digits import digits


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Order #12-34", "1234"),
        ("007", "007"),
        ("\uff11\uff12", "12"),
        ("\u0661\u0662", "12"),
        ("12\u00b2", "12"),
        ("none", None),
        ("Ⅻ", None),
    ],
)
def test_digits(value: str, expected: str | None) -> None:
    assert digits(value) == expected


def test_limits() -> None:
    assert digits("23220", min=5, max=5) == "23220"
    assert digits("none", min=5) is None
    with pytest.raises(ValueError, match=r"^4 digits: expected at least 5 digits$"):
        digits("2322", min=5)
    with pytest.raises(ValueError, match=r"^9 digits: expected at most 5 digits$"):
        digits("23220-1234", max=5)
