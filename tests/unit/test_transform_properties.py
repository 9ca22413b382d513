"""Whatever is given to a transform, it answers or says why not, and an answer stays what it is."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.mapping.countries import country_name
from sync.mapping.states import NAMES as STATES
from sync.mapping.text import Unfit, text_of
from tests.examples import times
from tests.transform_kit import NAMES, function

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}", re.ASCII)
#: By name: options, and what an answer must look like.
FORMS: list[tuple[str, dict[str, Any], str]] = [
    ("phone", {}, r"\d{10}|\+\d{6,15}"),
    ("phone", {"format": "e164", "several": "first"}, r"\+\d{6,15}"),
    ("phone", {"format": "international", "several": "last"}, r"\+[\d /.~()-]{6,24}"),
    ("phone", {"format": "national", "region": "GB"}, r"\+?[\d /.~()-]{5,24}"),
    ("email", {"several": "first"}, r"[^@\s]+@[^@\s]+|\"[^\n]+\"@[^@\s]+"),
    ("timestamp", {}, _TIME.pattern),
    ("timestamp", {"to": "Asia/Kolkata", "formats": ["day_first", "excel"]}, _TIME.pattern),
    ("country", {}, "[A-Z]{2}"),
    ("country", {"to": "alpha3"}, "[A-Z]{3}"),
    ("country", {"to": "name"}, r"[^\d]+"),
    ("us_state", {}, "[A-Z]{2}"),
    ("us_state", {"to": "name"}, "[A-Z][A-Za-z. ]+"),
    ("text", {}, r"\S|\S(?s:.*)\S"),
    ("text", {"case": "title", "max": 5}, r"\S|\S(?s:.*)\S"),
    ("text", {"case": "sentence", "collapse": False}, r"\S|\S(?s:.*)\S"),
    ("text", {"case": "upper"}, r"\S|\S(?s:.*)\S"),
    ("text", {"case": "lower", "max": 3}, r"\S|\S(?s:.*)\S"),
    ("digits", {"max": 12}, r"\d{1,12}"),
    ("name", {}, r"\S|\S(?s:.*)\S"),
    ("name", {"part": "first", "case": "title"}, r"\S|\S(?s:.*)\S"),
    ("name", {"part": "last", "order": "last_first"}, r"\S|\S(?s:.*)\S"),
    ("number", {"places": 2}, r"-?\d+\.\d\d"),
    ("number", {"places": 0, "decimal": ","}, r"-?\d+"),
]
STABLE = [form for form in FORMS if form[0] in ("phone", "email", "timestamp", "country", "us_state", "text")]

_likely = st.sampled_from([
    "(804) 555-0123", "+44 20 7946 0958", "8045550123 x12; 804-555-0124", "Ada <ada@example.com>",
    "a@b.example", "31.01.2026", "2026-01-31T10:00:00+02:00", "45292.5", "1712011200000", "Jul 2, 2020",
    "$1,234.50", "1.234,5", "Deutschland", "U.S.A.", "Korea, Republic of", "W. Va.", "DC",
    "Lovelace, Dr. Ada, Jr.", "VAN DER BERG", "O\u2019BRIEN & SONS", "👩\u200d🔧 e\u0301",
    "\u01c6\u0149\u0130\u03a3", "&#39;", "yes", "\uff11", "Smith John and",
])  # fmt: skip
_texts = st.one_of(_likely, st.text(), st.lists(_likely, max_size=3).map(" ".join), st.emails())
_values = st.one_of(
    _texts, st.integers(), st.floats(), st.decimals(), st.booleans(), st.dates(), st.datetimes(), st.binary()
)


def given_to(name: str, value: Any, options: dict[str, Any]) -> Any:
    """Return what a transform gives, None when it refuses or there is nothing to be given."""
    raw = name in ("timestamp", "boolean", "number")
    try:
        text = text_of(value)
        return None if text is None else function(name)(value if raw else text, **options)
    except Unfit:
        return None


@pytest.mark.parametrize(("name", "options", "form"), FORMS)
@times(2 / 3)
@given(value=_values)
def test_an_answer_has_the_form_of_its_kind(
    name: str, options: dict[str, Any], form: str, value: Any
) -> None:
    found = given_to(name, value, options)
    assert found is None or re.fullmatch(form, found, re.ASCII)


@pytest.mark.parametrize(("name", "options", "form"), STABLE)
@times(2 / 3)
@given(value=_texts)
def test_an_answer_is_its_own_answer(name: str, options: dict[str, Any], form: str, value: str) -> None:
    found = given_to(name, value, options)
    if found is not None:
        assert function(name)(found, **options) == found


@pytest.mark.parametrize("name", NAMES)
@times(2 / 3)
@given(value=_values)
def test_an_answer_is_of_a_kind_that_a_lead_can_hold(name: str, value: Any) -> None:
    found = given_to(name, value, {})
    assert found is None or type(found) in (str, int, float, bool)
    assert found != ""


@pytest.mark.parametrize("value", [None, "", " \t", float("nan"), Decimal("nan")])
@pytest.mark.parametrize("name", ["boolean", "number", "timestamp"])
def test_those_that_see_the_raw_value_take_nothing_for_nothing(name: str, value: Any) -> None:
    assert function(name)(value) is None


@pytest.mark.parametrize("value", [["a"], {"a": 1}])
@pytest.mark.parametrize("name", ["boolean", "number", "timestamp"])
def test_lists_and_objects_are_refused(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=r"^(a list of 1 value|an object of 1 value)"):
        function(name)(value)


def test_every_state_and_country_comes_back_from_its_name() -> None:
    for code, name in STATES.items():
        assert function("us_state")(name) == function("us_state")(code.lower()) == code
    for code in ("US", "GB", "KR", "CI", "TR", "NR"):
        assert function("country")(country_name(code)) == code


def test_a_date_stays_a_date() -> None:
    assert function("timestamp")(date(2026, 1, 31)) == "2026-01-31T00:00:00+0000"
