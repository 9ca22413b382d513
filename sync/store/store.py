"""The state store: one writer, in a thread of its own, and readers beside it.

All writing goes through one connection. It makes transactions short and orderly, and in PostgreSQL
it is the session that holds this process's leases: lose it, and nothing can be written any more.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from sync.store import connect, tables
from sync.store.errors import LeaseLost, StoreError, explain, is_locked
from sync.store.leases import AdvisoryLocks, FileLocks, Leases
from sync.store.migrate import migrate
from sync.store.views.holders import live_holders

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection
    from sqlalchemy.engine import URL

T = TypeVar("T")

_TRUNCATE = "PRAGMA wal_checkpoint(TRUNCATE)"


class Store:
    """A state store that is open. Made by `open_store`."""

    def __init__(self, url: URL, clock: Callable[[], float]) -> None:
        self.url = url
        self.where = connect.where(url)
        self.clock = clock
        self._writer_engine = connect.writer_engine(url)
        self._reader_engine = connect.reader_engine(url)
        self._writing = ThreadPoolExecutor(1, "store-writer")
        self._reading = ThreadPoolExecutor(1, "store-reader")
        self._writer: Connection | None = None
        sqlite = connect.is_sqlite(url)
        self.leases = Leases(FileLocks(Path(str(url.database))) if sqlite else AdvisoryLocks())
        self.digest_key = b""

    def start(self) -> None:
        """Connect, migrate, and read the store's own facts.

        Raises:
            StoreError: when the store can't be used.

        """
        self.write_now(lambda connection: migrate(connection, self.where))
        query = select(tables.meta.c.value).where(tables.meta.c.name == "digest_key")
        self.digest_key = bytes.fromhex(self.read_now(lambda connection: connection.scalars(query).one()))

    async def write(self, work: Callable[[Connection], T], under: str | None = None) -> T:
        """Run work in one transaction on the writer; it is durable when this returns.

        Args:
            work: what to do with the connection.
            under: the lease that this process must hold for it.

        Raises:
            LeaseLost: when the lease is not held any more.
            StoreError: when the store can't be used; the transaction did not happen.

        """
        return await asyncio.get_running_loop().run_in_executor(self._writing, self._write, work, under)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run reading work beside the writer, on one consistent view.

        Raises:
            StoreError: when the store can't be used.

        """
        return await asyncio.get_running_loop().run_in_executor(self._reading, self._read, work)

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """Do what `write` does, for callers without an event loop."""
        return self._writing.submit(self._write, work).result()

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """Do what `read` does, for callers without an event loop."""
        return self._reading.submit(self._read, work).result()

    async def acquire(self, name: str) -> bool:
        """Take a lease without waiting; False when another holds it.

        Raises:
            StoreError: when the store can't be used; the lease is not held then.

        """
        return await asyncio.get_running_loop().run_in_executor(self._writing, self._acquire, name)

    async def release(self, name: str) -> None:
        """Give a lease back."""
        await self.write(lambda connection: self.leases.release(connection, name))

    def erase_log(self) -> None:
        """Empty SQLite's write-ahead log, where copies of erased payloads may still stand.

        Raises:
            StoreError: when it can't be; the payloads are erased, and their copies go with the next run.

        """
        if connect.is_sqlite(self.url):
            self._writing.submit(self._truncate_log).result()

    def close(self) -> None:
        """Give everything back, and leave no erased payload behind in SQLite's log."""
        self._writing.submit(self._close_writer).result()
        self._writing.shutdown()
        self._reading.submit(self._reader_engine.dispose).result()
        self._reading.shutdown()

    def _write(self, work: Callable[[Connection], T], under: str | None = None) -> T:
        if under is not None and under not in self.leases.held:
            raise LeaseLost(f"the lease {under} was lost with the connection to the state store {self.where}")
        try:
            if self._writer is None:
                self._writer = self._writer_engine.connect()
            with self._writer.begin():
                return work(self._writer)
        except DBAPIError as error:
            raise self._failed(error) from error

    def _acquire(self, name: str) -> bool:
        taken = False

        def take(connection: Connection) -> None:
            nonlocal taken
            taken = self.leases.acquire(connection, name, self.clock())

        try:
            self._write(take)
        except StoreError:
            if taken:  # only the commit failed
                self._let_go(name)
            raise
        return taken

    def _let_go(self, name: str) -> None:
        with suppress(StoreError):  # what is wrong is being said already
            self._write(lambda connection: self.leases.release(connection, name))

    def _failed(self, error: DBAPIError) -> StoreError:
        """Say what went wrong; a lost session takes its leases with it."""
        said = explain(error, self.where)
        if isinstance(said, LeaseLost) or self._writer is None:
            self.leases.forget()
            self._drop_writer()
        who = self._at_work() if is_locked(error) else ""
        return StoreError(f"{said} (at work on it: {who})") if who else said

    def _at_work(self) -> str:
        """Name who holds leases: one that is suspended while it writes keeps writers out, not readers."""
        with suppress(StoreError):
            return ", ".join(self.read_now(live_holders))
        return ""

    def _drop_writer(self) -> None:
        if self._writer is not None:
            self._writer.invalidate()
            self._writer.close()
            self._writer = None
        self._writer_engine.dispose()

    def _read(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._reader_engine.connect() as connection, connection.begin():
                return work(connection)
        except DBAPIError as error:
            said = explain(error, self.where)
            # Readers hold no lease, so none is lost with their connection.
            raise (StoreError(str(said)) if isinstance(said, LeaseLost) else said) from error

    def _truncate_log(self) -> None:
        driver = self._writer.connection.driver_connection if self._writer is not None else None
        if driver is None or not connect.is_sqlite(self.url):
            return
        try:  # not by SQLAlchemy, which would begin a transaction: there can be no checkpoint in one
            driver.execute(_TRUNCATE)
        except sqlite3.Error as error:
            raise explain(DBAPIError(_TRUNCATE, None, error), self.where) from error

    def _close_writer(self) -> None:
        if self._writer is None:
            return
        try:
            for name in self.leases.held:
                with self._writer.begin():
                    self.leases.release(self._writer, name)
            if self.digest_key:  # a store that could not even be opened has erased nothing
                self._truncate_log()
        except (DBAPIError, StoreError):
            self.leases.forget()  # whatever is wrong was said when it was met; the locks die with us
        finally:
            self._writer.close()
            self._writer_engine.dispose()


def open_store(url: str, clock: Callable[[], float] = time.time) -> Store:
    """Open a state store, making or migrating it where needed.

    Args:
        url: ``sqlite:///FILE`` or ``postgresql://…``.
        clock: seconds since the epoch.

    Raises:
        StoreError: when it can't be used, with the reason and what to do.

    """
    try:
        store = Store(connect.parse_url(url), clock)
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError(f"`state` is not a database URL: {error}") from error
    except ModuleNotFoundError as error:
        raise StoreError(
            f"`state` wants the package {error.name}: pip install 'leadrelay[postgresql]'"
        ) from error
    try:
        store.start()
    except BaseException:
        store.close()
        raise
    return store
