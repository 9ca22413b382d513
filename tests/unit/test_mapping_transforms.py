"""Transforms by name: functions of any package, their options, and what a property can take of them."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest

from sync.mapping import MappingSpec
from sync.mapping.signatures import read_signature
from sync.mapping.transforming import Unusable, every, installed, load
from tests import json_schema
from tests.mapping_kit import compiled, field, mapped, refused, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MODULE = '''
"""Somebody else's transforms."""

from datetime import date


def shout(value: str, *, times: int = 1, mark: str = "!") -> str | None:
    """Say it louder.

    Args:
        value: what is said.
        times: how many marks follow.
        mark: the mark.

    """
    return None if value == "nothing" else value.upper() + mark * times


def kind(value: object) -> str:
    return type(value).__name__


def zone(value: str, *, timezone: str = "UTC") -> str:
    return f"{value} {timezone}"


def odd(value: str, *, from_: int, copy: bool = True) -> str:
    return f"{value} {from_} {copy}"


def careless(value: str) -> int:
    return int(value)


def polite(value: str) -> str:
    raise ValueError("is no tulip; expected a tulip")


def broken(value: str) -> str:
    return value.nothing


def deep(value: str) -> str:
    return deep(value)


def birthday(value: str) -> date:
    return date(2024, 1, 31)


def truth(value: str) -> bool:
    return True


def listed(value: str) -> list:
    return value.split()


def loose(value, other):
    return value


def bare(value):
    return value


number_of_nothing = 7
'''
NAMES = "shout kind zone odd careless polite broken deep birthday truth listed loose bare number_of_nothing"


@pytest.fixture(autouse=True)
def their_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install a package with transforms of its own, the way packages are installed."""
    (tmp_path / "their_transforms.py").write_text(MODULE, encoding="utf-8")
    about = tmp_path / "theirs-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n", encoding="utf-8")
    points = "\n".join(f"{name} = their_transforms:{name}" for name in NAMES.split())
    absent = "gone = their_transforms_that_are_not_there:gone"
    (about / "entry_points.txt").write_text(f"[leadrelay.transforms]\n{points}\n{absent}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    import sys

    sys.modules.pop("their_transforms", None)


def test_the_built_ins_are_found_like_everybody_elses() -> None:
    assert {"text", "digits", "name", "phone", "email", "timestamp", "boolean", "shout"} <= installed().keys()
    assert load("digits").built_in
    assert not load("shout").built_in


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [
        ("shout", " hi ", "HI!"),
        ("shout", 7.0, "7!"),
        ("shout", "nothing", None),
        ("shout", "", None),
        ("shout", "N/A", None),
        ("{ shout: }", "hi", "HI!"),
        ("{ shout: { times: 2 } }", "hi", "HI!!"),
        ("{ shout: { times: '3', mark: '?' } }", "hi", "HI???"),
        ("[shout, { shout: { mark: '' } }]", "hi", "HI!"),
        ("[digits, shout]", "a1b2", "12!"),
        ("kind", 7.0, "float"),
        ("kind", " x ", "str"),
        ("[digits, kind]", "7", "str"),
        ("zone", "x", "x America/New_York"),
        ("{ zone: { timezone: Asia/Tokyo } }", "x", "x Asia/Tokyo"),
        ("{ odd: { from: 5 } }", "x", "x 5 True"),
        ("{ odd: { from: 5, copy: false } }", "x", "x 5 False"),
        ("careless", "12", "12"),
        ("truth", "x", "true"),
        ("birthday", "x", "2024-01-31"),
        ("bare", 1.50, "1.5"),
    ],
)
def test_a_field_names_a_transform(written: str, value: Any, expected: str | None) -> None:
    assert field(f"{{ from: a, as: {written} }}", {"a": value}) == expected


def test_a_list_is_transformed_item_by_item() -> None:
    assert field("{ from: a, as: shout, join: ' ' }", {"a": ["x", None, "", "nothing", "y"]}) == "X! Y!"
    text = "lead: { email: { value: ada@example.com } }\ncustom: { it: { from: a, as: listed } }"
    assert mapped(text, {"a": "x y"}).custom == {"it.0": "x", "it.1": "y"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("polite", "is no tulip; expected a tulip"),
        ("careless", "careless fails: ValueError"),
        ("broken", "broken fails: AttributeError"),
    ],
)
def test_p10_what_fails_sets_the_record_aside_without_the_value(name: str, said: str) -> None:
    reason = refused(f"{{ from: a, as: {name} }}", {"a": "Lovelace"})
    assert reason == f"m.yaml:4:7: custom.it: {said}"


def test_a_transform_without_an_end_harms_one_record() -> None:
    assert "nested too deeply" in refused("{ from: a, as: deep }", {"a": "x"})


def test_a_transform_may_be_let_fail() -> None:
    assert field("{ from: a, as: polite, if_invalid: drop }", {"a": "x"}) is None


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("status: shuot", '3:26: lead.status.as: there is no transform shuot (did you mean "shout"?)'),
        (
            "status: { shout: { tims: 2 } }",
            '3:37: lead.status.as.shout.tims: unknown key (did you mean "times"?); there are: times, mark',
        ),
        (
            "status: [digits, { shout: { times: many } }]",
            "3:53: lead.status.as[1].shout.times: expected a whole number, found text",
        ),
        ("status: odd", "lead.status.as.odd.from: is required"),
        ("status: gone", "(their_transforms_that_are_not_there:gone) can't be used: No module named"),
        ("status: loose", "can't be used: its parameter other must be keyword-only, after a *"),
        ("status: number_of_nothing", "can't be used: it is no function"),
        ("createdAt: truth", "3:29: lead.createdAt.as: truth does not give a point in time"),
        ("phoneNumber: birthday", "birthday does not give a phone number, which phoneNumber needs"),
    ],
)
def test_what_cannot_be_is_said_when_the_file_is_read(field: str, said: str) -> None:
    name, use = field.split(": ", 1)
    (problem,) = wrong(f"lead:\n  email: e\n  {name}: {{ from: a, as: {use} }}\n")
    assert said in problem


def test_a_constant_that_a_transform_refuses_is_refused_at_once() -> None:
    (problem,) = wrong("lead:\n  email: e\n  status: { value: x, as: polite }\n")
    assert problem.startswith("m.yaml:3:20: lead.status.value: is no tulip")


@pytest.mark.parametrize(
    "fields",
    [
        "createdAt: { from: a, as: birthday }",
        "createdAt: { from: a, as: [truth, birthday] }",
        "createdAt: { from: a, as: bare }",
        "phoneNumber: { from: a, as: shout }",
        "phoneNumber: { from: a, as: [text, digits] }",
    ],
)
def test_what_may_fit_is_let_pass(fields: str) -> None:
    compiled(f"lead:\n  email: e\n  {fields}\n")


def test_a_date_of_a_transform_is_a_time_of_the_lead() -> None:
    found = mapped(
        "lead: { email: e, createdAt: { from: a, as: birthday } }", {"e": "ada@example.com", "a": 1}
    )
    assert found.standard["createdAt"] == "2024-01-31T00:00:00-0500"


def test_a_name_that_two_packages_claim_is_said(tmp_path: Path) -> None:
    about = tmp_path / "rivals-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: rivals\nVersion: 1.0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text(
        "[leadrelay.transforms]\nshout = other_place:shout\n", encoding="utf-8"
    )
    with pytest.raises(Unusable, match="transform shout is registered twice: "):
        installed()


def test_options_are_described_by_the_docstring() -> None:
    schema = load("shout").schema()
    assert schema["description"] == "Say it louder."
    assert schema["properties"]["times"]["description"] == "how many marks follow."
    assert schema["properties"]["times"]["default"] == 1
    assert "gone" not in {each.name for each in every()}


@pytest.mark.parametrize(
    ("written", "is_right"),
    [
        ("shout", True),
        ({"shout": {"times": 2}}, True),
        ({"shout": None}, True),
        ({"odd": None}, False),
        (["digits", {"shout": {"mark": "?"}}], True),
        ("shuot", False),
        ({"shout": {"tims": 2}}, False),
        ({"shout": {"times": "many"}}, False),
        ({"odd": {}}, False),
        ({"shout": {}, "digits": {}}, False),
        ([], False),
    ],
)
def test_an_editor_knows_the_installed_transforms(written: Any, is_right: bool) -> None:
    schema = MappingSpec.model_json_schema(by_alias=True)
    data = {"lead": {"email": {"from": "a", "as": written}}}
    assert (json_schema.errors(schema, data) == []) is is_right


def test_every_built_in_says_what_it_is_and_takes_its_defaults() -> None:
    for each in (each for each in every() if each.built_in):
        assert each.signature.summary.endswith("."), each.name
        described = each.schema()["properties"]
        assert [name for name, option in described.items() if "description" not in option] == [], each.name
        each.step({}, "UTC")


@pytest.mark.parametrize("function", [lambda: None, lambda *values: values])
def test_a_function_without_a_value_is_none(function: Any) -> None:
    with pytest.raises(TypeError, match="its first parameter must be the value"):
        read_signature(function)
    assert inspect.isfunction(function)
