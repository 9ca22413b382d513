"""What acceptance tests begin with: a project, a sandbox, and a table of leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.lead_rows import LeadTable, opened_table
from tests.project import Project, project_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sandbox_server import Hatch


@pytest.fixture
def project(tmp_path: Path, hatch: Hatch) -> Project:
    """A project without sources that sends to the sandbox `hatch`."""
    directory = tmp_path / "project"
    directory.mkdir()
    return project_in(directory, hatch)


@pytest.fixture
def sheet(project: Project) -> Path:
    """A project with one sheet, leads.csv, that is read whole; nothing is in it yet."""
    project.source(type="spreadsheet", path="leads.csv", key="id")
    return project.path("leads.csv")


@pytest.fixture
def table(project: Project) -> Iterator[LeadTable]:
    """A project with one table of a SQLite database, read by position; nothing is in it yet."""
    url = f"sqlite:///{project.path('shop.db')}"
    project.source(type="sql", url="sqlite:///shop.db", table="leads", key="id", cursor="updated_at")
    yield from opened_table(url)
