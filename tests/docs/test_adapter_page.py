"""docs/adapters.md: what is on the page is what `init --adapter` writes, and it can't be less than whole."""

from __future__ import annotations

import re

import pytest

from sources import base as contract
from sources.testing import PositionContract
from sync.cli.frame.new_adapter import adapter_files
from tests.docs.pages import ROOT, blocks

FILES = adapter_files("mycrm")
PAGE = (ROOT / "docs" / "adapters.md").read_text(encoding="utf-8")
README = FILES["README.md"]


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("python adapter", "src/leadrelay_mycrm/__init__.py"),
        ("python contract", "tests/test_mycrm.py"),
        ("toml package", "pyproject.toml"),
    ],
)
def test_the_page_shows_what_is_written(kind: str, file: str) -> None:
    (block,) = blocks(kind)
    assert block.text == FILES[file]


def test_the_page_explains_every_helper_that_the_adapter_calls() -> None:
    prose = re.sub(r"(?ms)^```.*?^```$", "", PAGE)
    (imported,) = re.findall(r"from sources\.by_time import (.+)", FILES["src/leadrelay_mycrm/__init__.py"])
    assert [name for name in (*imported.split(", "), "walk", "sensible") if f"`{name}`" not in prose] == []


def test_the_readme_of_the_package_names_what_there_is() -> None:
    adapter = FILES["src/leadrelay_mycrm/__init__.py"]
    named = re.findall(r"`((?:src|tests)/[\w/.]+)`", README)
    assert named
    assert [name for name in named if not any(file.startswith(name) for file in FILES)] == []
    assert all(f"def {name}(" in adapter for name in ("poll", "_turn", "_record"))
    assert "default_lookback" in README
    assert "default_lookback" in adapter


def test_the_suite_is_what_the_page_says() -> None:
    tests = " ".join(name for name in dir(PositionContract) if name.startswith("test_"))
    promised = ("one_moment", "late", "killed", "broken_off", "during_a_poll", "half_way", "future", "window")
    promised += ("rate_limit", "denied", "without_end", "zone", "secrets", "nothing")
    assert [word for word in promised if word not in tests] == []


def test_the_page_names_every_ability() -> None:
    protocols = (
        value
        for name, value in vars(contract).items()
        if name in contract.__all__ and getattr(value, "_is_protocol", False) and name != "Source"
    )
    members = {
        member
        for each in protocols
        for member in (*vars(each), *getattr(each, "__annotations__", {}))
        if not member.startswith("_")
    }
    assert {member for member in members - {"keys_are_places"} if member not in PAGE} == set()
