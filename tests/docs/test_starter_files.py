"""What a project begins with, by type of source, is what docs/sources.md shows of it."""

from __future__ import annotations

import pytest

from sources.registry import installed
from sources.starting import starter_of
from sync.cli.frame.new_adapter import adapter_files
from sync.cli.frame.starter import starter_files as files_of_a_project
from sync.config import load_config
from tests.docs.starter_files import FOLDER, starter_files
from tests.docs.test_configurations import VARIABLES

#: These have their example, with all that can be set, in connector.yaml itself.
IN_CONNECTOR = {"rest", "spreadsheet", "sql"}


def test_they_are_what_the_page_shows() -> None:
    there = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.iterdir()}
    assert there == starter_files(), "make docs writes them"


def test_every_type_has_one() -> None:
    begun = {kind for kind, point in installed().items() if starter_of(point)}
    assert begun == installed().keys() - IN_CONNECTOR


@pytest.mark.parametrize("kind", sorted(installed().keys() - IN_CONNECTOR))
def test_a_project_of_one_type_can_be_read(kind, tmp_path) -> None:
    for name, text in files_of_a_project([kind]).items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    config = load_config(tmp_path / "connector.yaml", VARIABLES)
    (source,) = config.sources.values()
    assert (source.name, source.type) == (kind, kind)
    assert list(source.mapping.run_examples()) == []
    wanted = (tmp_path / ".env.example").read_text(encoding="utf-8").splitlines()[1:]
    assert {line.rstrip("=") for line in wanted} <= VARIABLES.keys()


def test_what_a_new_adapter_brings_is_in_its_readme() -> None:
    files = adapter_files("mycrm")
    section = files["src/leadrelay_mycrm/starters/mycrm.source.yaml"]
    assert "".join(f"      {line}\n" for line in section.splitlines()) in files["README.md"]
