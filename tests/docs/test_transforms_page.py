"""docs/transforms.md says what the docstrings say, and its example of a transform is one."""

from __future__ import annotations

import doctest
import tomllib
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sources.base import Record
from sync.lead import Invalid, Lead, Skip
from sync.mapping import parse_mapping
from sync.mapping.text import text_of
from tests.docs.pages import blocks
from tests.docs.transforms_page import PAGE, as_written, calls, transforms_page
from tests.transform_kit import NAMES, function, run

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_is_made_of_the_docstrings() -> None:
    assert transforms_page() == TEXT, "run make docs"


@pytest.mark.parametrize("name", NAMES)
def test_a_mapping_does_what_the_page_shows(name: str) -> None:
    for value, options in calls(name):
        written = (
            f"lead: {{ email: email }}\ncustom:\n  it: {{ from: it, as: {as_written(name, options)} }}\n"
        )
        mapping = parse_mapping(written, "x.yaml", timezone=ZoneInfo("UTC"))
        outcome = mapping.apply(Record("7", {"email": "ada@example.com", "it": value}))
        assert _told(outcome) == _expected(name, value, options)


def _told(outcome: Lead | Skip | Invalid) -> str | list[str] | None:
    if isinstance(outcome, Lead):
        return outcome.custom.get("it")
    assert isinstance(outcome, Invalid)
    return [problem.message for problem in outcome.problems]


def _expected(name: str, value: Any, options: dict[str, Any]) -> str | list[str] | None:
    try:
        return text_of(function(name)(value, **options))
    except ValueError as error:
        return [str(error)]


def test_the_example_is_a_transform_and_its_examples_hold() -> None:
    (code,) = blocks("python transform")
    names: dict[str, Any] = {"__name__": "our_transforms"}
    exec(compile(code.text, "transforms.md", "exec"), names)  # noqa: S102 - the page is ours
    (found,) = doctest.DocTestFinder().find(names["initials"], globs=names)
    assert found.examples
    assert run(found) == ""
    assert names["initials"]("Ada Lovelace", dots=True) == "A.L."
    assert names["initials"]("7") is None


def test_its_entry_point_is_of_the_group() -> None:
    (package,) = blocks("toml transform")
    points = tomllib.loads(package.text)["project"]["entry-points"]
    assert points == {"leadrelay.transforms": {"initials": "our_transforms:initials"}}
