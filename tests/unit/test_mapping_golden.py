"""Every message about a wrong mapping file is kept; ``python -m tests.mapping_errors`` writes them anew."""

from __future__ import annotations

import re

import pytest

from sync.mapping.engine_names import NAMES, meant
from sync.mapping.expressions import _exists
from tests.mapping_errors import EXPECTED, FILES, everything_said

PLACED = re.compile(r"[\w/]+\.yaml:\d+:\d+: \S.*")


def test_what_is_said_of_wrong_files_is_what_was_kept() -> None:
    assert everything_said() == EXPECTED.read_text(encoding="utf-8")


def test_every_message_has_its_place_and_every_file_a_message() -> None:
    said = EXPECTED.read_text(encoding="utf-8")
    lines = [line for line in said.splitlines() if line]
    assert [line for line in lines if not PLACED.fullmatch(line)] == []
    assert "nothing is wrong" not in said
    assert len(lines) > 80


@pytest.mark.parametrize("path", sorted(FILES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_file_is_wrong_only_where_it_says(path) -> None:
    """No message points behind the end of its line."""
    said = EXPECTED.read_text(encoding="utf-8").splitlines()
    for line in (line for line in said if line.startswith(f"{path.name}:")):
        row, column = map(int, line.split(":")[1:3])
        written = path.read_text(encoding="utf-8").split("\n")[row - 1]
        assert 1 <= column <= len(written) + 1


@pytest.mark.parametrize("kind", NAMES)
def test_names_that_are_suggested_are_names_of_the_engine(kind: str) -> None:
    assert [name for name in NAMES[kind] if not _exists(kind, name)] == []


def test_a_near_name_is_suggested() -> None:
    assert meant("filter", "uper") == ' (did you mean "upper"?)'
    assert meant("test", "zzz") == ""
