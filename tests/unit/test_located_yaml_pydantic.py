# ruff: noqa: E501 - messages read best with one to a line
from __future__ import annotations

from enum import StrEnum
from typing import Literal

import pytest
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from sources.units import Duration  # noqa: TC001 - pydantic reads it
from sync.located_yaml import parse_yaml, problems_from


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")

    key: str
    mode: Literal["repeat", "hold"] = "repeat"
    colour: Colour = Colour.RED
    count: int = Field(1, ge=1, lt=10)
    share: float = 0
    flag: bool = False
    wait: Duration | None = None
    names: str | list[str] = ""
    token: SecretStr | None = None
    filled: list[str] = Field(default=["a"], min_length=1)
    text: str = Field("a", min_length=1)

    @field_validator("token")
    @classmethod
    def _leaky(cls, token: SecretStr) -> SecretStr:
        raise ValueError(f"the token {token.get_secret_value()!r} is bad")


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    inner: Inner
    more: dict[str, Inner] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _whole(self) -> Outer:
        if "whole" in self.more:
            raise ValueError("as a whole it is wrong")
        return self


def problems(text, **options):
    located = parse_yaml(text, "f")
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(located.data)
    return [str(problem) for problem in problems_from(located, caught.value, model=Outer, **options)]


CASES = [
    ("key: 7", "f:2:8: inner.key: expected text, found a number; put it in quotes"),
    ("key: true", "f:2:8: inner.key: expected text, found true; put it in quotes"),
    ("key: [a]", "f:2:8: inner.key: expected text, found a list"),
    ("key: {a: b}", "f:2:3: inner.key: expected text, found a section of keys"),
    ("key:", "f:2:3: inner.key: expected text, found nothing"),
    ("mode: hodl", 'f:2:9: inner.mode: must be one of: repeat, hold; found "hodl" (did you mean "hold"?)'),
    ("mode: 3", "f:2:9: inner.mode: must be one of: repeat, hold"),
    ("colour: blu", 'f:2:11: inner.colour: must be one of: red, blue; found "blu" (did you mean "blue"?)'),
    ("count: many", "f:2:10: inner.count: expected a whole number, found text"),
    ("count: 1.5", "f:2:10: inner.count: expected a whole number, found a number with a fraction"),
    ("count: 0", "f:2:10: inner.count: must be at least 1"),
    ("count: 10", "f:2:10: inner.count: must be less than 10"),
    ("share: much", "f:2:10: inner.share: expected a number, found text"),
    ("flag: maybe", "f:2:9: inner.flag: expected true or false, found text"),
    (
        "wait: 5 minutes",
        "f:2:9: inner.wait: '5 minutes' is not a duration; write it like 30s, 5m, 1h30m or 2d",
    ),
    ("names: 7", "f:2:10: inner.names: expected text or a list, found a number"),
    ("filled: []", "f:2:11: inner.filled: is empty"),
    ("text: ''", "f:2:9: inner.text: is empty"),
]


@pytest.mark.parametrize(("line", "expected"), CASES)
def test_pydantic_is_translated(line, expected):
    key = "" if line.startswith("key") else "\n  key: a"
    assert problems(f"inner:\n  {line}{key}") == [expected]


def test_all_at_once_in_reading_order():
    assert problems("inner:\n  cuont: 3\n  share: x\nmroe: 1") == [
        "f:1:1: inner.key: is required",
        'f:2:3: inner.cuont: unknown key (did you mean "count"?); there are: key, mode, colour, count, share, flag, wait, names, token, filled, text',
        "f:3:10: inner.share: expected a number, found text",
        'f:4:1: mroe: unknown key (did you mean "more"?); there are: inner, more',
    ]


def test_further_choices_are_named_first():
    assert problems("inner: {key: a}\ntpye: 1", choices=["type"]) == [
        'f:2:1: tpye: unknown key (did you mean "type"?); there are: type, inner, more'
    ]


def test_a_section_as_a_whole_is_marked_at_its_key():
    assert problems("inner: {key: a}\nmore:\n  whole: {key: a}") == ["f:1:1: as a whole it is wrong"]
    assert problems("inner: x") == ["f:1:8: inner: expected a section of keys, found text"]


def test_p10_a_secret_is_never_repeated():
    assert problems("inner: {key: a, token: hunter2}") == ["f:1:24: inner.token: the token '(hidden)' is bad"]
    assert problems("inner: {key: a, token: 12345678}") == [
        "f:1:24: inner.token: expected text, found a number; put it in quotes"
    ]


def test_p10_a_hidden_value_is_never_repeated():
    hidden = {("inner", "mode"): "hunter2", ("inner", "wait"): "pass word"}
    assert problems("inner: {key: a, mode: hunter2, wait: pass word}", hidden=hidden) == [
        "f:1:23: inner.mode: must be one of: repeat, hold",
        "f:1:38: inner.wait: '(hidden)' is not a duration; write it like 30s, 5m, 1h30m or 2d",
    ]


def test_data_below_a_prefix():
    located = parse_yaml("sources:\n  crm:\n    mode: x", "f")
    with pytest.raises(ValidationError) as caught:
        Inner.model_validate(located.data["sources"]["crm"])
    found = problems_from(located, caught.value, ("sources", "crm"), model=Inner)
    assert [str(problem) for problem in found] == [
        "f:2:3: sources.crm.key: is required",
        'f:3:11: sources.crm.mode: must be one of: repeat, hold; found "x"',
    ]
