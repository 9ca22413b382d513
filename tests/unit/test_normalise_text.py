"""One text form for every value, and shapes that say nothing about people."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.mapping.flatten import flatten
from sync.mapping.text import Unfit, clean, shape, text_of


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Ada", "Ada"),
        (" Ada\n", "Ada"),
        ("\u200b\ufeff Ada\xa0", "Ada"),
        ("a\x00b\tc", "ab\tc"),
        ("Zoë", "Zoë"),
        ("Closed\xa0Won", "Closed Won"),
        ("a\u202fb\u2009c", "a b c"),
        ("山田\u3000太郎", "山田\u3000太郎"),
        ("Love\u200blace\ufeff", "Lovelace"),
        ("Love\xadlace", "Lovelace"),
        ("👩\u200d🔧", "👩\u200d🔧"),
        ("\u0645\u06cc\u200c\u062e\u0648", "\u0645\u06cc\u200c\u062e\u0648"),
        ("אדה", "אדה"),
        ("\u200fאדה\u200f", "\u200fאדה\u200f"),
        ("O'Brien", "O'Brien"),
        ("O\u2019Brien", "O\u2019Brien"),
        ("O&#39;Brien", "O'Brien"),
        ("O&#x27;Brien", "O'Brien"),
        ("O&amp;#39;Brien", "O'Brien"),
        ("M&uuml;ller &amp; S&ouml;hne", "Müller & Söhne"),
        ("Ada&nbsp;Lovelace&#8203;", "Ada Lovelace"),
        ("AT&T", "AT&T"),
        ("AT&T; then", "AT&T; then"),
        ("?a=1&copy=2", "?a=1&copy=2"),
        ("&notit;", "&notit;"),
        ("&amp;lt;", "<"),
        ("&#0;x", "\ufffdx"),
        ("&#xD800;", "\ufffd"),
        ("&amp;amp;amp;amp;amp;amp;", "&amp;amp;amp;amp;amp;amp;"),
        ("Null", "Null"),
        ("NA", "NA"),
        ("l:1234567890", "l:1234567890"),
        ("ag:23850", "ag:23850"),
        ("\ud83d\ude00", "😀"),
        ("a\ud800", "a\ufffd"),
        (7, "7"),
        (7.0, "7"),
        (-0.0, "0"),
        (7.5, "7.5"),
        (8045550123.0, "8045550123"),
        (1e22, "1e+22"),
        (10**30, "1" + "0" * 30),
        (Decimal("7.00"), "7"),
        (Decimal("12500.50"), "12500.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.00"), "0"),
        (True, "true"),
        (False, "false"),
        (datetime(2024, 1, 31, 10, tzinfo=UTC), "2024-01-31T10:00:00+00:00"),
        (date(2024, 1, 31), "2024-01-31"),
        (time(10, 30), "10:30:00"),
        (b"\x01\xff", "01ff"),
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
    ],
)
def test_text_forms(value: Any, expected: str) -> None:
    assert text_of(value) == expected
    assert text_of(expected) == expected


@pytest.mark.parametrize(
    "value", [None, "", "  ", "\u200b", "\x00", float("nan"), Decimal("nan"), [], {}, b"", ()]
)
def test_nothing_is_nothing(value: Any) -> None:
    assert text_of(value) is None


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ([1, 2], "a list of 2 values is not one value; name one of its parts, as in `name.part` or `name.0`"),
        (
            {"a": 1},
            "an object of 1 value is not one value; name one of its parts, as in `name.part` or `name.0`",
        ),
        (float("-inf"), "a number is infinite"),
        (Decimal("inf"), "a number is infinite"),
        pytest.param(10**5000, "a number is too long", id="5001 digits"),
        (Decimal("1E+9000"), "a number is too long"),
    ],
)
def test_what_is_not_one_value_is_refused(value: Any, complaint: str) -> None:
    with pytest.raises(Unfit) as refused:
        text_of(value)
    assert str(refused.value) == complaint


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("123-456-789", "9 digits"),
        ("7", "1 digit"),
        ("Ada Lovelace", "text of 12 characters"),
        ("a1", "text of 2 characters, 1 of them digits"),
        ("7@8", "text of 3 characters, 2 of them digits"),
        (1234, "a number of 4 digits"),
        (-12.0, "a number of 2 digits"),
        (1.5, "a number with decimals"),
        (float("nan"), "a number"),
        (Decimal("1E+9000"), "a number"),
        (True, "true or false"),
        ([1], "a list of 1 value"),
        ({}, "an object of 0 values"),
        (date(2024, 1, 1), "a date"),
        (time(1), "a time of day"),
        (b"x", "a value of type bytes"),
    ],
)
def test_shapes(value: Any, expected: str) -> None:
    assert shape(value) == expected


def test_nested_values_become_flat_names() -> None:
    value = {"color": "red", "doors": 4, "extras": ["roof", None, {"rack": True}], "none": None, "blank": " "}
    assert dict(flatten("car", value)) == {
        "car.color": "red",
        "car.doors": "4",
        "car.extras.0": "roof",
        "car.extras.2.rack": "true",
    }


def test_nesting_has_an_end() -> None:
    value: Any = "x"
    for _ in range(100):
        value = [value]
    with pytest.raises(Unfit, match="nested more than 32 levels deep"):
        list(flatten("a", value))


_PIECES = st.sampled_from(
    [
        "&amp;",
        "amp;",
        "&",
        "#39;",
        "&#38;",
        "lt",
        ";",
        "&num;",
        "&semi;",
        "\u200b",
        "\xa0",
        " ",
        "a",
        "\xad",
        "&zwj;",
    ]
)


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_entities_within_entities_come_to_an_end(value: str) -> None:
    found = clean(value)
    assert clean(found) == found


@given(st.text(st.characters(categories=["L", "N", "P", "S", "M"], exclude_characters="&;\xad")))
def test_nothing_that_can_be_seen_is_changed(value: str) -> None:
    assert clean(value) == value


def test_a_megabyte_of_entities_takes_no_time() -> None:
    assert clean("&" + "amp;" * 250_000).startswith("&amp;amp;")


@given(st.text(st.characters(exclude_categories=())))
def test_clean_text_is_clean_and_stays_so(value: str) -> None:
    found = clean(value)
    found.encode()
    assert clean(found) == found
    assert "\x00" not in found


@given(
    st.one_of(
        st.integers(), st.floats(), st.decimals(), st.booleans(), st.datetimes(), st.text(), st.binary()
    )
)
def test_any_scalar_has_a_text_form_or_is_refused(value: Any) -> None:
    try:
        found = text_of(value)
    except Unfit:
        return
    assert found is None or found == found.strip() != ""
    assert isinstance(shape(value), str)
