"""What the documents name is there: files, links, targets of make, settings, states, promises."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from benchmarks import run as bench
from sync.states import State
from tests.docs.pages import PAGES, ROOT, all_blocks, anchors, links, name_of, prose

if TYPE_CHECKING:
    from pathlib import Path

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"(?m)^([a-z-]+):", MAKEFILE))
VERSION = re.search(r'(?m)^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))[1]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_files_that_are_named_are_there(page: Path) -> None:
    named = set(re.findall(r"`((?:sync|sources|tests|docs|mappings|benchmarks|demo)/[\w./-]*)`", prose(page)))
    assert {name for name in named if "NAME" not in name and not (ROOT / name).exists()} == set()


def test_every_page_is_linked_from_another() -> None:
    linked = {
        (page.parent / link.partition("#")[0]).resolve()
        for page in PAGES
        for link in links(page)
        if "//" not in link
    }
    assert {name_of(page) for page in PAGES if page not in linked} - {"README.md"} == set()


def test_targets_of_make_exist() -> None:
    texts = [block.text for block in all_blocks() if block.kind == "sh"] + [
        code for page in PAGES for code in re.findall(r"`([^`\n]+)`", prose(page))
    ]
    named = {name for text in texts for name in re.findall(r"(?m)^make ([a-z-]+)", text)}
    assert named >= {"demo", "test", "lint", "bench"}
    assert named - TARGETS == set()


def test_every_target_of_make_is_explained() -> None:
    explained = set(re.findall(r"(?m)^([a-z-]+):.*## ", MAKEFILE))
    phony = set(re.search(r"(?m)^\.PHONY: (.+)$", MAKEFILE)[1].split())
    assert explained == phony


def test_promises_are_told_to_users_and_explained() -> None:
    for name in ("README.md", "docs/guarantees.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert [int(number) for number in re.findall(r"(?m)^(?:\| \*\*|## )P(\d+) ", text)] == list(
            range(1, 13)
        )


def test_states_are_explained() -> None:
    text = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8").partition("<!-- torture -->")[0]
    assert re.findall(r"(?m)^\| ([a-z]+) \| (?!means)", text) == [
        "pending",
        "held",
        "sending",
        "unknown",
        "accepted",
        "rejected",
        "invalid",
        "skipped",
        "adopted",
        "discarded",
        "superseded",
    ]
    assert {state.value for state in State} == set(re.findall(r"(?m)^\| ([a-z]+) \| (?!means)", text))


def test_the_changelog_knows_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^## (\S+)", text)[0] == VERSION


def test_benchmarks_have_a_place_to_go() -> None:
    text = bench.PAGE.read_text(encoding="utf-8")
    assert len(re.findall(r"(?s)<!-- measured -->.*?<!-- end -->", text)) == 1


def test_it_is_said_that_the_real_hatch_was_never_asked() -> None:
    for name in ("README.md", "docs/hatch.md"):
        assert re.search(r"\*\*No request was ever made to the real Hatch", (ROOT / name).read_text("utf-8"))


def test_lines_fit() -> None:
    long = [
        f"{name_of(page)}:{number}"
        for page in PAGES
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 120 and not line.startswith("|") and name_of(page) != "docs/cli.md"
    ]
    assert long == []
