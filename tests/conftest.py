"""Servers that several test modules use; each is started when the first test asks for it."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from sources._http import kept_access
from tests.mariadb_server import MariadbServer, running_mariadb
from tests.postgres_server import PostgresServer, running_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sandbox_server import Hatch

# Every run takes other examples, so that little is lost by fewer; --hypothesis-profile=thorough takes many.
settings.register_profile("quick", max_examples=40)
settings.register_profile("thorough", max_examples=1000)
settings.load_profile("quick")

# A shell that runs the tests behind itself has them ignore Ctrl-C, and so would all that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _no_access_of_another_test() -> Iterator[None]:
    """Each test begins as a program does: without access tokens that were got before."""
    yield
    kept_access.forget()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A running PostgreSQL."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The SQLAlchemy URL of an empty PostgreSQL database of this test's own."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[MariadbServer]:
    """A running MariaDB."""
    with running_mariadb() as server:
        yield server


@pytest.fixture
def mariadb_url(mariadb_server: MariadbServer) -> Iterator[str]:
    """The SQLAlchemy URL of an empty MariaDB database of this test's own."""
    with mariadb_server.database() as url:
        yield url


@pytest.fixture
def hatch() -> Iterator[Hatch]:
    """A sandbox on a free port of this test's own, with its usual department, key and rules."""
    # Made here: a web server takes longer to import than most tests take to run.
    from tests.sandbox_server import running_hatch

    with running_hatch() as running:
        yield running


@pytest.fixture
def sqlite_source_url(tmp_path: Path) -> str:
    """The SQLAlchemy URL of a SQLite file that is not there yet, in the test's own directory."""
    return f"sqlite:///{tmp_path / 'leads.db'}"
