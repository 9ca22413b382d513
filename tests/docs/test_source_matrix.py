"""The matrix in docs/sources.md says what code, tests and doubles say, of every source type there is."""

from __future__ import annotations

import re

import pytest

from sources.testing import PositionContract, SnapshotContract
from tests.docs.pages import ROOT
from tests.docs.source_evidence import Evidence, builtin
from tests.docs.source_facts import FACTS
from tests.docs.source_matrix import PAGE, cells, facts_of, page, with_matrix

TEXT = PAGE.read_text(encoding="utf-8")
FOUND = {name: Evidence.of(name) for name in builtin()}


def test_the_matrix_is_what_code_and_tests_say() -> None:
    assert page() == TEXT, "the matrix in docs/sources.md is old: make docs"


def test_every_type_has_a_row_and_a_section() -> None:
    part = TEXT[TEXT.index("<!-- matrix:") : TEXT.index("<!-- end of the matrix -->")]
    assert re.findall(r"(?m)^\| \[(\w+)\]\(#", part) == list(FOUND)
    assert set(FOUND) - set(re.findall(r"(?m)^## (\w+)$", TEXT)) == set()


def test_a_type_that_nothing_is_said_of_is_an_error() -> None:
    with pytest.raises(LookupError, match=r"'shop' has no entry in tests/docs/source_facts\.py"):
        facts_of("shop")


def test_nothing_is_said_of_a_type_that_is_not_there() -> None:
    assert set(FACTS) - set(FOUND) == set()


def test_a_page_without_a_place_for_it_is_an_error() -> None:
    with pytest.raises(ValueError, match="0 places for the matrix"):
        with_matrix("# Sources\n", "| type |\n")


def test_what_was_written_by_hand_is_written_over() -> None:
    assert with_matrix(TEXT.replace("| double", "| the real thing"), "| type |\n") == with_matrix(
        TEXT, "| type |\n"
    )


@pytest.mark.parametrize("name", FOUND)
def test_no_cell_is_empty_but_that_of_a_lookback(name: str) -> None:
    texts = cells(FOUND[name], facts_of(name))
    assert [number for number, text in enumerate(texts) if not text] == [3] * (FOUND[name].lookback is None)


@pytest.mark.parametrize("name", FOUND)
def test_what_is_said_by_hand_agrees_with_code_and_tests(name: str) -> None:
    evidence, facts = FOUND[name], facts_of(name)
    by_position = PositionContract in evidence.contracts
    assert (bool(facts.moves), evidence.lookback is not None) == (by_position, by_position)
    assert bool(facts.read) == (evidence.contracts[0] is SnapshotContract)
    assert bool(facts.listens) == ("hints" in evidence.abilities)
    assert [bool(facts.real), bool(evidence.double), bool(evidence.servers)].count(True) == 1
    assert evidence.double or facts.untried
    assert evidence.rigs, "the contract test has no rig"


@pytest.mark.parametrize("name", FOUND)
def test_what_is_named_is_in_the_code(name: str) -> None:
    facts = facts_of(name)
    named = re.findall(r"`([^`]+)`", f"{facts.moves} {facts.read} {facts.listens} {facts.untried}")
    code = _code(name)
    assert [word for word in named if not re.search(rf"\b{re.escape(word)}\b", code, re.IGNORECASE)] == []


def _code(name: str) -> str:
    """Return the adapter's file, and the packages of its own that it imports from."""
    own = (ROOT / "sources" / f"{name}.py").read_text(encoding="utf-8")
    folders = {ROOT / "sources" / each for each in re.findall(r"from sources\.(_\w+)[. ]", own)}
    files = (path for folder in folders for path in folder.glob("*.py"))
    return "\n".join([own, *(path.read_text(encoding="utf-8") for path in files)])


@pytest.mark.parametrize("name", [name for name, found in FOUND.items() if found.double])
def test_a_section_says_too_that_the_real_service_was_never_asked(name: str) -> None:
    section = re.search(rf"(?ms)^## {name}$(.*?)(?=^## |\Z)", TEXT)[1]
    assert "never tried against the real service" in " ".join(section.split())


@pytest.mark.parametrize("name", FOUND)
def test_there_are_more_tests_of_it(name: str) -> None:
    assert list((ROOT / "tests" / "integration").glob(f"test_{name}_*.py"))


def test_what_is_known_of_some_types() -> None:
    assert FOUND["hubspot"].double
    assert FOUND["hubspot"].double.specifications == (
        "hubspot-crm-v3-contacts.json",
        "hubspot-crm-v3-leads.json",
    )
    assert FOUND["hubspot"].has_hook
    assert not FOUND["sql"].has_hook
    assert FOUND["sql"].servers == ["SQLite", "PostgreSQL", "MariaDB"]
    assert FOUND["sql"].double is None
    assert FOUND["rest"].abilities == ["latest", "authorization"]
    assert FOUND["rest"].contracts == [PositionContract, PositionContract, SnapshotContract]
    assert FOUND["rest"].skipped == []
    [skipped] = FOUND["google_sheets"].skipped
    assert skipped.startswith("endless pages (rows are asked for by their numbers")
