"""A state store that can't be used: what is said, and that nothing happened."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select, text

from sync.store import tables
from sync.store.errors import StoreError
from sync.store.store import Store, open_store
from tests.engine_world import World
from tests.scripted_source import ScriptedTable, at

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65534


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A state file that was used."""
    path = tmp_path / "state.db"
    open_store(f"sqlite:///{path}").close()
    return path


def _url(path: Path) -> str:
    return f"sqlite:///{path}"


@contextmanager
def _as_nobody() -> Iterator[None]:
    """Have no rights that a file does not give to everybody; root may write anything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://example.com/x", r"`state` can be sqlite:///FILE or postgresql://…, not mysql"),
        ("sqlite://", "in memory would forget what was sent"),
        ("sqlite:///:memory:", "in memory would forget what was sent"),
        ("leads.db", "`state` is not a database URL"),
        ("nosuch://x", "`state`"),
    ],
)
def test_what_can_t_be_a_store_is_refused(url: str, said: str) -> None:
    with pytest.raises(StoreError, match=said):
        open_store(url)


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no-such/state\.db can't be used: .* is its directory there"):
        open_store(_url(tmp_path / "no-such" / "state.db"))


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_text("Lead ID,Name\n" * 100)
    with pytest.raises(StoreError, match=r"it is no SQLite database; is `state` in connector\.yaml right"):
        open_store(_url(path))
    assert path.read_text().startswith("Lead ID"), "it is left as it was"


def test_a_damaged_file(file: Path) -> None:
    size = file.stat().st_size
    with file.open("r+b") as opened:
        opened.seek(4096)
        opened.write(os.urandom(size - 4096))
    with pytest.raises(StoreError, match="it is damaged"):
        open_store(_url(file))


def test_a_file_that_may_only_be_read(file: Path) -> None:
    for path in (file, file.parent):
        path.chmod(0o555)
    for parent in list(file.parents)[1:4]:
        if parent.stat().st_uid == os.geteuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o055)
    try:
        with _as_nobody(), pytest.raises(StoreError, match=r"read-only|can't be opened"):
            open_store(_url(file))
    finally:
        file.parent.chmod(0o755)


def test_a_new_file_is_for_its_owner_only(file: Path) -> None:
    assert file.stat().st_mode & 0o077 == 0


async def test_a_file_that_another_process_keeps_locked(file: Path) -> None:
    store = open_store(_url(file))
    await store.write(lambda connection: connection.exec_driver_sql("PRAGMA busy_timeout=20"))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="it is locked by another process"):
            await store.write(lambda connection: connection.execute(_mark()))
        assert await _marks(store) == [], "it can still be read"
        with pytest.raises(StoreError, match="it is locked by another process"):
            await store.acquire("source:crm")
    assert await store.acquire("source:crm")
    await store.write(lambda connection: connection.execute(_mark()), "source:crm")
    assert await _marks(store) == ["x"]
    store.close()


async def test_p1_a_full_disk_loses_nothing(file: Path) -> None:
    store = open_store(_url(file))
    table = ScriptedTable(page_size=100)
    for number in range(2000):
        table.put(f"{number:04}", "Ada", at(number))
    world = World(store, table)
    limit = "PRAGMA max_page_count=150"
    await store.write(lambda connection: connection.exec_driver_sql(limit).scalar())
    with pytest.raises(StoreError, match="the disk is full; free some space and run again, nothing was lost"):
        await world.sync()
    staged = len(await world.column(tables.version.c.id))
    position = (await world.progress()).position
    assert position is not None
    assert position.key == (f"{staged - 1:04}",), "the position is that of the last page staged"
    more = "PRAGMA max_page_count=1000000"
    await store.write(lambda connection: connection.exec_driver_sql(more).scalar())
    assert (await world.sync()).error is None
    assert len(await world.column(tables.version.c.id)) == 2000
    store.close()


def _newer(store: Store) -> None:
    store.write_now(
        lambda connection: connection.execute(text("UPDATE alembic_version SET version_num='9999'"))
    )
    store.close()


def test_a_store_of_a_newer_program_is_refused(store_url: str) -> None:
    _newer(open_store(store_url))
    with pytest.raises(
        StoreError, match=r"from a newer leadrelay \(schema 9999, this one knows up to 0003\)"
    ) as said:
        open_store(store_url)
    assert "made up" not in str(said.value), "no password in a message"


def test_a_database_that_is_somebody_else_s_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("create table lead (id integer)")
    with pytest.raises(StoreError, match="has a table `lead` that is not leadrelay's; use another one"):
        open_store(_url(path))


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(
        StoreError, match=r"postgresql\+psycopg://me:\*\*\*@127.0.0.1:1/x can't be used"
    ) as said:
        open_store("postgresql://me:made-up-secret@127.0.0.1:1/x")
    assert "made-up-secret" not in str(said.value)


async def test_what_fails_leaves_the_store_usable(store: Store) -> None:
    def half(connection):
        connection.execute(_mark())
        connection.execute(text("SELECT nonsense FROM nowhere"))

    with pytest.raises(StoreError):
        await store.write(half)
    assert await _marks(store) == []
    await store.write(lambda connection: connection.execute(_mark()))
    assert await _marks(store) == ["x"]


def _mark():
    return insert(tables.pause).values(scope="x", since=1.0)


async def _marks(store: Store) -> list[str]:
    return await store.read(lambda connection: list(connection.scalars(select(tables.pause.c.scope))))


def test_a_file_whose_header_is_damaged_says_what_to_do(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.seek(44)  # the number of its schema format
        opened.write(b"\xff" * 4)
    with pytest.raises(StoreError, match=r"unsupported file format; it is damaged, .* restore a backup"):
        open_store(_url(file))
