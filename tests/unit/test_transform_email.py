"""E-mail addresses as a transform; what is read as one is tested in test_normalise_email.py."""

from __future__ import annotations

import pytest

from sync.mapping.transforms.email import email


def test_one_address() -> None:
    assert email("mailto:Ada@EXAMPLE.com") == "Ada@example.com"


def test_two_are_refused_unless_one_is_asked_for() -> None:
    two = "ada@example.com, bob@example.com"
    assert [email(two, several="first"), email(two, several="last")] == ["ada@example.com", "bob@example.com"]
    with pytest.raises(ValueError, match=r"^2 e-mail addresses in one value; expected one"):
        email(two)
