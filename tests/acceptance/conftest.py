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


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A state file as the first call of the command makes it; to make one takes as long as a test does."""
    maker = project_in(tmp_path_factory.mktemp("maker"))
    common = {"department_id": "1", "api_key": "made-up", "source": "us"}
    maker.endpoint = {"type": "hatch", "base_url": "http://127.0.0.1:1/", **common}
    maker.source(type="spreadsheet", path="leads.csv", key="id")
    maker.call("pause", "crm")
    maker.call("resume", "crm")
    return maker.path("leadrelay.db").read_bytes()


@pytest.fixture
def project(tmp_path: Path, hatch: Hatch, empty_store: bytes) -> Project:
    """A project without sources that sends to the sandbox `hatch`; nothing is in its state file yet."""
    directory = tmp_path / "project"
    directory.mkdir()
    made = project_in(directory, hatch)
    made.path("leadrelay.db").write_bytes(empty_store)
    return made


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
