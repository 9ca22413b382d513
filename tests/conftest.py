"""Servers that several test modules use; each is started when the first test asks for it."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from sources._http import kept_access
from tests.mariadb_server import MariadbServer, running_mariadb
from tests.postgres_server import PostgresServer, running_postgres
from tests.sshd_server import Folder, SshServer, running_sshd

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from tests.s3_server import S3Server
    from tests.sandbox_server import Hatch

# Every run takes other examples, so that little is lost by fewer; --hypothesis-profile=thorough takes many.
# How long one takes is no question of these tests: the machine may be busy.
_UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", _UNHURRIED, max_examples=30)
settings.register_profile("thorough", _UNHURRIED, max_examples=1000)
settings.load_profile("quick")

# Whoever vouches for a server here is named by its test. Without this every connection to MariaDB and every
# process would read all authorities that the machine trusts, which takes longer than most tests take to run.
os.environ["SSL_CERT_FILE"] = str(Path(__file__).with_name("no_authority.pem"))

# A shell that runs the tests behind itself has them ignore Ctrl-C, and so would all that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect ten thousand tests without looking through them for garbage, neither now nor later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()  # they stay to the end
        gc.enable()


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


@pytest.fixture
def postgres_store_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of a state store of this test's own in PostgreSQL; made, and nothing has happened in it."""
    with postgres_server.state_store() as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state file in which nothing has happened, to be copied: to make one takes as long as a test does."""
    from sync.store.store import open_store

    file = tmp_path_factory.mktemp("store") / "state.db"
    open_store(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def sqlite_store_url(sqlite_store: Path, tmp_path: Path) -> str:
    """The URL of a state file of this test's own; made, and nothing has happened in it."""
    return f"sqlite:///{shutil.copy(sqlite_store, tmp_path / 'state.db')}"


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


@pytest.fixture(scope="session")
def ssh_server() -> Iterator[SshServer]:
    """A running OpenSSH."""
    with running_sshd() as server:
        yield server


@pytest.fixture
def ssh_folder(ssh_server: SshServer) -> Iterator[Folder]:
    """A folder of this test's own, to which no connection is left open afterwards."""
    yield ssh_server.folder()
    assert [each for each in threading.enumerate() if type(each).__module__.startswith("paramiko")] == []


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """S3 as moto speaks it."""
    from tests.s3_server import running_s3  # made here: it takes as long to import as many tests to run

    with running_s3() as server:
        yield server


@pytest.fixture
def s3(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    """S3 that was asked nothing yet, and whose client does not ask again when it is refused."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    s3_server.forget()
    return s3_server


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
