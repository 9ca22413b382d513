"""The words that count as nothing, wherever a value is read."""

from __future__ import annotations

from typing import Any

import pytest

from sources.base import Record
from sync.lead import Invalid
from sync.mapping.missing import WORDS, MissingWords
from tests.mapping_kit import compiled, field, mapped


@pytest.mark.parametrize("word", [*WORDS, " N/A ", "\tnull\n", "\u00a0-\u200b"])
@pytest.mark.parametrize(
    "written",
    [
        "a",
        "x.y",
        "{ from: [a, b], default: d }",
        "{ from: a, default: d }",
        '"{{ a }}"',
        '"{{ a|upper }}"',
        "{ expr: a }",
        "{ expr: \"record['a']\" }",
        "{ from: a, values: { x: y }, default: d }",
        "{ from: a, when: a, default: d }",
        "{ from: a, as: { text: { case: upper } } }",
        "{ from: list, join: '' }",
    ],
)
def test_they_are_nothing_everywhere(written: str, word: str) -> None:
    found = field(written, {"a": word, "x": {"y": word}, "list": []})
    assert found in (None, "d")


@pytest.mark.parametrize("value", ["None", "NA", "Null", "na", "none", "n.a.", "--x", "0", 0, False])
def test_names_and_numbers_are_not(value: Any) -> None:
    assert field("a", {"a": value}) is not None
    assert field("{ expr: a }", {"a": value}) is not None


def test_in_objects_and_lists_too() -> None:
    text = "lead: { email: { value: ada@example.com } }\ncustom: { car: car, n: { expr: tags|length } }"
    record = {"car": {"color": "red", "plate": "N/A"}, "tags": ["a", "-", {"b": "null"}]}
    assert mapped(text, record).custom == {"car.color": "red", "n": "2"}


def test_a_phone_that_is_not_there_is_not_invalid() -> None:
    text = "lead: { email: e, phoneNumber: p, createdAt: c }"
    found = mapped(text, {"e": "ada@example.com", "p": "N/A", "c": "-"})
    assert found.standard.keys() == {"id", "email"}
    outcome = compiled(text).apply(Record("7", {"e": "none", "p": "N/A"}))
    assert isinstance(outcome, Invalid)


@pytest.mark.parametrize(
    ("words", "value", "is_there"),
    [
        ("[unknown]", "unknown", False),
        ("[unknown]", "Unknown", True),
        ("[unknown]", "N/A", True),
        ("[]", "N/A", True),
        ("unknown", " unknown ", False),
        ("['0']", 0, False),
        ("['0']", "0", False),
        ("['0', 'false']", False, False),
        ("['1.5']", 1.5, False),
    ],
)
def test_a_mapping_may_say_which(words: str, value: Any, is_there: bool) -> None:
    for written in ("a", "{ expr: a }", "{ from: a, as: text }", '"{{ a }}"', "{ from: [a, b] }"):
        assert (field(written, {"a": value}, top=f"missing: {words}") is not None) is is_there


def test_a_number_without_an_end_is_no_word() -> None:
    assert not MissingWords(["0"]).mean(float("inf"))


def test_a_comparison_with_such_a_word_has_an_answer() -> None:
    assert field("{ expr: a == 5 }", {"a": "N/A"}) == "false"


def test_a_constant_says_what_it_says() -> None:
    assert field("{ value: N/A }", {}) == "N/A"
    assert field("{ from: a, default: N/A }", {"a": "-"}) == "N/A"
    assert field("{ from: a, values: { x: N/A } }", {"a": "x"}) == "N/A"
