"""Every built-in transform is registered, has the agreed form, and its examples hold."""

from __future__ import annotations

import doctest
import inspect
import tomllib
from pathlib import Path
from typing import get_type_hints

import pytest

import sync.mapping.transforms as package
from tests.transform_kit import NAMES, examples, function, run

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = {path.stem for path in Path(package.__file__).parent.glob("[a-z]*.py")}


@pytest.mark.parametrize("name", NAMES)
def test_examples_hold(name: str) -> None:
    found = examples(name)
    assert len(found.examples) > 2
    assert run(found) == ""


@pytest.mark.parametrize("wrong", ["'1235'", "Traceback (most recent call last):\nValueError: other\n"])
def test_examples_can_fail(wrong: str) -> None:
    parser = doctest.DocTestParser()
    call = 'digits("1234")' if wrong.startswith("'") else 'digits("1", min=5)'
    test = parser.get_doctest(f">>> {call}\n{wrong}\n", {"digits": function("digits")}, "x", None, 0)
    assert "Expected:" in run(test)


def test_each_file_is_registered_as_what_it_is_called() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    points = project["entry-points"]["leadrelay.transforms"]
    assert points == {name: f"{package.__name__}.{name}:{name}" for name in sorted(FILES)}
    assert set(NAMES) == FILES


@pytest.mark.parametrize("name", NAMES)
def test_the_form_is_the_agreed_one(name: str) -> None:
    value, *options = inspect.signature(function(name)).parameters.values()
    hints = get_type_hints(function(name))
    assert value.name == "value"
    assert hints["value"] in (str, object)
    assert all(option.kind is option.KEYWORD_ONLY for option in options)
    assert all(option.default is not option.empty for option in options)
    docstring = inspect.getdoc(function(name)) or ""
    arguments = docstring.partition("Args:")[2].partition("Returns:")[0]
    assert [option.name for option in options if f"\n    {option.name}: " not in arguments] == []
    assert docstring.partition("\n")[0].endswith(".")
