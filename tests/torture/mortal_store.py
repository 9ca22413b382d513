"""A state store whose process can be killed: between any two of its transactions, or at any other time."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select

from sync.states import State
from sync.store import connect, tables
from sync.store.encode import read_lead
from sync.store.store import Store
from tests.scripted_source import Killed

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

T = TypeVar("T")
_CLAIMED = (
    select(tables.lead.c.key, tables.payload.c.lead)
    .select_from(tables.version)
    .join(tables.lead, tables.lead.c.id == tables.version.c.lead_id)
    .join(tables.payload, tables.payload.c.version_id == tables.version.c.id)
    .where(tables.version.c.state == State.SENDING.value)
)


class MortalStore(Store):
    """The real store; what it has committed is all that is left of its process after `die`."""

    #: Whether its process is gone.
    dead = False
    #: Transactions it has made.
    written = 0
    #: The number of the transaction that its process is killed at; None: none.
    last: int | None = None
    #: Whether that one is still committed.
    commits_last = False
    #: The name under which its process claims.
    claimer = ""
    #: Called before each transaction with its number, and after it.
    before_write: Callable[[int], object] = staticmethod(lambda _number: None)
    after_write: Callable[[int], object] = staticmethod(lambda _number: None)
    #: Told, when it dies, what it had claimed and not settled: the key of each lead, and what it says.
    on_death: Callable[[list[tuple[str, str]]], object] = staticmethod(lambda _left: None)

    async def write(self, work: Callable[[Connection], T], under: str | None = None) -> T:
        self._live()
        self.written += 1
        number = self.written
        self.before_write(number)
        is_last = self.last is not None and self.written >= self.last
        if is_last and not self.commits_last:
            self.die()
            raise Killed
        found = await super().write(work, under)
        self.after_write(number)
        if is_last:
            self.die()
        self._live()
        return found

    async def read(self, work: Callable[[Connection], T]) -> T:
        self._live()
        return await super().read(work)

    async def acquire(self, name: str) -> bool:
        self._live()
        return await super().acquire(name)

    def die_at(self, number: int, *, commits: bool) -> None:
        """Be killed at a transaction from now, 1 for the next; it is committed or it is not."""
        self.last, self.commits_last = self.written + number, commits

    def die(self) -> None:
        """Drop everything without any tidying up; the operating system takes back the locks."""
        if self.dead:
            return
        self.dead = True
        self.on_death(self._writing.submit(self._claims).result())
        self._writing.submit(self._vanish).result()
        self._writing.shutdown()
        self._reading.submit(self._reader_engine.dispose).result()
        self._reading.shutdown()

    def lose_session(self) -> None:
        """Lose the connection that holds the leases, as when a database server goes away."""
        self._writing.submit(self._vanish).result()

    def close(self) -> None:
        if not self.dead:
            super().close()

    def _claims(self) -> list[tuple[str, str]]:
        mine = _CLAIMED.where(tables.version.c.claimed_by == self.claimer)
        rows = self._write(lambda connection: connection.execute(mine).all())
        return [(row.key, read_lead(row.lead).standard["firstName"]) for row in rows]

    def _vanish(self) -> None:
        self.leases.forget()
        self._drop_writer()

    def _live(self) -> None:
        if self.dead:
            raise Killed


def open_mortal(url: str, clock: Callable[[], float]) -> MortalStore:
    """Open a store of this kind."""
    store = MortalStore(connect.parse_url(url), clock)
    try:
        store.start()
    except BaseException:
        store.close()
        raise
    if connect.is_sqlite(store.url):
        assert store._writer is not None
        driver = store._writer.connection.driver_connection
        assert driver is not None
        # A kill of the process is played, a power cut is not: no commit has to reach the disk.
        driver.execute("PRAGMA synchronous=OFF")
    return store
