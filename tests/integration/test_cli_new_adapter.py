"""`leadrelay init --adapter`: where it writes, and what it does not touch."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.command import call

if TYPE_CHECKING:
    from pathlib import Path


def files_in(directory: Path) -> list[str]:
    return sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file())


def test_it_writes_a_package_and_says_what_is_next(tmp_path: Path) -> None:
    said = call("init", "--adapter", "my_crm", cwd=tmp_path)
    assert said.returncode == 0, said.stderr
    assert files_in(tmp_path / "leadrelay-my-crm") == [
        ".gitignore",
        "README.md",
        "pyproject.toml",
        "src/leadrelay_my_crm/__init__.py",
        "src/leadrelay_my_crm/py.typed",
        "src/leadrelay_my_crm/starters/my_crm.mapping.yaml",
        "src/leadrelay_my_crm/starters/my_crm.source.yaml",
        "tests/double.py",
        "tests/test_my_crm.py",
    ]
    assert "Next: " in said.stdout
    assert "leadrelay sources my_crm" in said.stdout


def test_it_writes_where_it_is_told_to(tmp_path: Path) -> None:
    said = call("init", "--adapter", "mycrm", ".", "--json", cwd=tmp_path)
    assert (tmp_path / "pyproject.toml").is_file()
    assert "pyproject.toml" in json.loads(said.stdout)["files"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")
    said = call("init", "--adapter", "mycrm", ".", cwd=tmp_path)
    assert said.returncode == 2
    assert "README.md is there already; nothing was written" in said.stderr
    assert files_in(tmp_path) == ["README.md"]


@pytest.mark.parametrize("more", [("--source", "sql"), ("--from", "leads.csv")])
def test_it_is_no_project(tmp_path: Path, more: tuple[str, str]) -> None:
    said = call("init", "--adapter", "mycrm", *more, cwd=tmp_path)
    assert said.returncode == 2
    assert "--adapter writes a package" in said.stderr
    assert files_in(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("my-crm", 'did you mean "my_crm"'),
        ("hubspot", 'there is a source type "hubspot" already'),
        ("../crm", "can't be the name of a source type"),
    ],
)
def test_a_name_that_cant_be_is_refused_before_anything_is_written(
    tmp_path: Path, name: str, told: str
) -> None:
    said = call("init", "--adapter", name, cwd=tmp_path)
    assert (said.returncode, told in said.stderr) == (2, True), said.stderr
    assert files_in(tmp_path) == []


def test_without_it_a_project_is_made_here_as_ever(tmp_path: Path) -> None:
    assert call("init", "--source", "sql", cwd=tmp_path).returncode == 0
    assert (tmp_path / "connector.yaml").is_file()
