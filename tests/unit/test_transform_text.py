"""Text: capitals, spaces and length, without mangling anything."""

from __future__ import annotations

from typing import Any

import pytest

from sync.mapping.transforms.text import text


def test_space() -> None:
    assert text(" a \t b\n\nc ") == "a b c"
    assert text("a\u3000b") == "a b"
    assert text("a  b\nc", collapse=False) == "a  b\nc"
    assert text(" \u200b ") is None


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("keep", "o'BRIEN  und Söhne straße"),
        ("upper", "O'BRIEN  UND SÖHNE STRASSE"),
        ("lower", "o'brien  und söhne straße"),
        ("title", "O'brien  Und Söhne Straße"),
        ("sentence", "O'brien  und söhne straße"),
    ],
)
def test_case(case: Any, expected: str) -> None:
    assert text("o'BRIEN  und Söhne straße", case=case, collapse=False) == expected


@pytest.mark.parametrize(
    ("value", "most", "expected"),
    [
        ("Call after five", 10, "Call after"),
        ("Call after five", 11, "Call after"),
        ("abc", 3, "abc"),
        ("abc", 9, "abc"),
        ("cafe\u0301s", 4, "caf"),
        ("cafe\u0301s", 5, "cafe\u0301"),
        ("ok 👩\u200d🔧", 5, "ok"),
        ("ok 👍🏽", 4, "ok"),
        ("👩\u200d🔧", 1, "👩"),
    ],
)
def test_text_is_cut_off_between_characters(value: str, most: int, expected: str) -> None:
    assert text(value, max=most) == expected
