"""Fields in a list, of which the first that gives a value counts; and `when`, which says where one counts."""

from __future__ import annotations

from typing import Any

import pytest

from sources.base import Record
from sync.lead import Invalid
from tests.mapping_kit import compiled, field, mapped, refused

STATUS = (
    "[{ value: won, when: \"stage == 'Closed Won'\" }, { from: state, values: { 1: new } }, { value: open }]"
)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"stage": "Closed Won", "state": 1}, "won"),
        ({"stage": "Closed Lost", "state": 1}, "new"),
        ({"state": ""}, "open"),
        ({}, "open"),
    ],
)
def test_the_first_that_gives_a_value_counts(record: dict[str, Any], expected: str) -> None:
    assert field(STATUS, record) == expected


@pytest.mark.parametrize(
    ("written", "record", "expected"),
    [
        ("[First Name, Vorname]", {"Vorname": "Ada"}, "Ada"),
        ("[First Name, Vorname]", {"First Name": "-", "Vorname": "Ada"}, "Ada"),
        ("['{{ a }} {{ b }}', c]", {"a": "x", "c": "y"}, "y"),
        ("['{{ a }} {{ b }}', c]", {"a": "x", "b": "y"}, "x y"),
        ("[{ from: a, default: d }, b]", {"b": "never"}, "d"),
        ("[{ template: '{{ a }}', default: d }, b]", {"b": "never"}, "d"),
        ("[{ from: a, default: d, when: b }, c]", {"c": "z"}, "z"),
        ("[{ from: a, values: { x: } }, b]", {"a": "x", "b": "y"}, "y"),
        ("[{ value: 7 }]", {}, "7"),
        ("[a]", {}, None),
    ],
)
def test_alternatives(written: str, record: dict[str, Any], expected: str | None) -> None:
    assert field(written, record) == expected


def test_an_incomplete_template_is_said_where_nothing_else_gives_a_value() -> None:
    text = "lead: { email: { value: ada@example.com }, status: ['{{ a }} {{ b }}', c] }"
    (warning,) = mapped(text, {"a": "x"}).warnings
    assert str(warning).startswith("m.yaml:1:52: lead.status: left out, since a part of the template is not")
    assert mapped(text, {"a": "x", "c": "y"}).warnings == ()


def test_a_value_that_cannot_be_used_is_one_alternatives_matter() -> None:
    text = (
        "lead:\n  email: { value: ada@example.com }\n"
        "  phoneNumber:\n    - { from: mobile, if_invalid: drop }\n    - phone\n"
    )
    found = mapped(text, {"mobile": "12", "phone": "804 555 0123"})
    assert found.standard["phoneNumber"] == "8045550123"
    (warning,) = found.warnings
    assert str(warning).startswith("m.yaml:4:7: lead.phoneNumber: left out: 2 digits: not a phone number")
    outcome = compiled(text).apply(Record("7", {"mobile": "", "phone": "12"}))
    assert isinstance(outcome, Invalid)
    assert outcome.reason.startswith("m.yaml:5:7: lead.phoneNumber: 2 digits: not a phone number")


def test_one_required_alternative_makes_the_property_required() -> None:
    assert "is required, and there is nothing" in refused("[{ from: a, required: true }, b]", {})
    assert field("[{ from: a, required: true }, b]", {"b": "x"}) == "x"


@pytest.mark.parametrize(
    ("record", "expected"),
    [({"a": "x", "ok": True}, "x"), ({"a": "x"}, None), ({"a": "x", "ok": 0}, None), ({"ok": True}, "d")],
)
def test_a_field_counts_where_its_condition_is_true(record: dict[str, Any], expected: str | None) -> None:
    assert field("{ from: a, when: ok, default: d }", record) == expected


def test_what_is_required_is_so_where_its_condition_is_true() -> None:
    assert field("{ from: a, required: true, when: ok }", {}) is None
    assert "is required, and there is nothing" in refused(
        "{ from: a, required: true, when: ok }", {"ok": True}
    )
    assert "is required" in refused("{ from: a, required: true, if_invalid: drop, when: ok }", {"ok": True})


def test_a_condition_takes_no_word_for_an_answer_and_says_what_fails() -> None:
    assert "gives the text of a word for yes or no" in refused("{ from: a, when: ok }", {"ok": "FALSE"})
    assert "compares n, which is text" in refused("{ from: a, when: n > 5 }", {"n": "7"})


def test_what_conditions_and_alternatives_read_counts() -> None:
    text = f"lead: {{ email: e, status: {STATUS} }}"
    mapping = compiled(text)
    assert mapping.reads == {"e", "stage", "state"}
    assert mapping.needs_columns == {"e", "state"}
    assert str(mapping.column_marks["state"]) == "m.yaml:1:83"
    base = {"e": "x", "stage": "a", "state": 1}
    digests = {
        mapping.record_digest(Record("7", {**base, **change}))
        for change in ({}, {"stage": "b"}, {"state": 2}, {"other": 1})
    }
    assert len(digests) == 3
