"""Phone numbers in each form; what is read as one is tested in test_normalise_phone.py."""

from __future__ import annotations

from typing import Any

import pytest

from sync.mapping.transforms.phone import phone


@pytest.mark.parametrize(
    ("form", "american", "british"),
    [
        ("hatch", "8045550123", "+442079460958"),
        ("e164", "+18045550123", "+442079460958"),
        ("digits", "18045550123", "442079460958"),
        ("national", "(804) 555-0123", "+44 20 7946 0958"),
        ("international", "+1 804-555-0123", "+44 20 7946 0958"),
    ],
)
def test_forms(form: Any, american: str, british: str) -> None:
    assert phone("1 (804) 555-0123 x12", format=form) == american
    assert phone("+44 20 7946 0958", format=form) == british


def test_a_region_is_at_home_where_it_is() -> None:
    assert phone("020 7946 0958", region="GB", format="national") == "020 7946 0958"
    assert phone("+1 804 555 0123", region="GB", format="national") == "+1 804-555-0123"
    assert phone("+1 804 555 0123", region="CA", format="national") == "(804) 555-0123"


def test_two_are_refused_unless_one_is_asked_for() -> None:
    two = "804-555-0123 / 804-555-0124"
    assert [phone(two, several="first"), phone(two, several="last")] == ["8045550123", "8045550124"]
    with pytest.raises(ValueError, match=r"^2 phone numbers in one value; expected one"):
        phone(two)
