"""A source, a state store and an endpoint, with processes of this program that come and go between them."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from sources.units import parse_rate
from sync.delivery import Courier, Goal, Policy
from sync.events import Events
from sync.states import State
from sync.store import runs, tables
from sync.store.errors import StoreError
from sync.store.ledger import Scope
from sync.store.views.selection import Selection
from tests.engine_world import MAPPING, World, mapping_of
from tests.scripted_source import Killed
from tests.torture.account import Accounts
from tests.torture.fickle_endpoint import FickleEndpoint, Line
from tests.torture.mortal_store import open_mortal
from tests.torture.restless_table import Reader, RestlessTable
from tests.torture.virtual_time import LoopTime, virtual

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from sync.compare import Known
    from sync.ledger import Progress


#: Seconds before its position that a poll begins.
LOOKBACK = 50
WINDOW = 3
LEASE = "source:crm"
#: Seconds in which a database server notices that a client is gone.
_NOTICED = 10.0


class Process:
    """One process of this program."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self.store = open_mortal(town.url, town.time.now)
        self._line = Line(town.endpoint)
        self.store.on_death = self._died
        self.world = World(
            self.store,
            Reader(town.table, self.store),
            mapping_of(town.mapping),
            lookback=timedelta(seconds=LOOKBACK),
            max_sends=parse_rate(town.max_sends) if town.max_sends else None,
            scope=Scope("hatch", "crm"),
        )
        self.store.claimer = self.world.outbox._claimer
        self.courier = self._hire()

    def _hire(self) -> Courier:
        return Courier(
            self._line,
            self.world.outbox,
            self._town.policy,
            Events([]),
            time=self._town.time,
            jitter=lambda: 0.5,
        )

    def _died(self, left: list[tuple[str, str]]) -> None:
        self._line.cut()
        self._town.note_death(left)

    async def poll(self) -> bool:
        """Poll to the end; False where another process does."""
        if not await self.store.acquire(LEASE):
            return False
        try:
            result = await self.world.run().run()
        finally:
            await self._give_back(LEASE)
        assert result.error is None, result.error
        return True

    async def deliver(self, give_up: float = 5.0) -> bool:
        """Deliver until nothing is due; False where another process does."""
        lease = self.courier.outbox.lease
        if not await self.store.acquire(lease):
            return False
        try:
            await self.courier.deliver(Goal(give_up))
        finally:
            await self._give_back(lease)
        return True

    async def _give_back(self, lease: str) -> None:
        with suppress(Killed, StoreError):  # met before; the lock dies with its process
            await self.store.release(lease)


class Town:
    """All there is. Whatever is asked of it goes on in virtual time.

    Args:
        url: of an empty state store.
        hold: what an unknown outcome means: wait for a person, or repeat.
        max_sends: the guard of the source, as in ``3/h``; empty for none.

    """

    def __init__(self, url: str, *, hold: bool, max_sends: str = "") -> None:
        self.url, self.max_sends = url, max_sends
        self.runner = virtual()
        self.time = LoopTime(self.runner.get_loop())
        self.policy = Policy(max_in_flight=WINDOW, unknown_outcome="hold" if hold else "repeat")
        self.mapping = MAPPING
        self.table = RestlessTable(page_size=2)
        self.endpoint = FickleEndpoint()
        self.accounts = Accounts(hold=hold)
        self.deaths = 0
        #: More than the window was in the air when a process died.
        self.overdrawn = 0
        self._timers: list[asyncio.TimerHandle] = []
        try:
            self.processes = [Process(self)]
        except BaseException:
            self.runner.close()
            raise

    @property
    def first(self) -> Process:
        """The process that is there in any case."""
        return self.processes[0]

    def write(self, key: str, name: str, when: datetime, **fields: Any) -> None:
        """Insert or update a row."""
        self.table.put(key, name, when, **fields)
        self.accounts.leads[key].writes(name)

    def touch(self, key: str, when: datetime) -> None:
        """Move the change time of a row and nothing else."""
        self.table.rows[key] = replace(self.table.rows[key], changed=when)

    def edit(self, mapping: str) -> None:
        """Put another mapping in force, in every process."""
        self.mapping = mapping
        for process in self.processes:
            process.world.edit(mapping)

    def together(
        self, *work: Coroutine[Any, Any, Any], bears: tuple[type[BaseException], ...] = (Killed,)
    ) -> list[Any]:
        """Do it all at once. Returns what each brought, or how it ended where that can be borne."""
        found = self.runner.run(_gathered(work))
        for each in found:
            if isinstance(each, BaseException) and not isinstance(each, bears):
                raise each
        self.accounts.read(self.endpoint.log)
        self._bury()
        return found

    def kill(self, process: Process) -> None:
        """Kill a process now, whatever it is doing."""
        process.store.die()

    def later(self, seconds: float, process: Process) -> None:
        """Kill a process that many seconds from now, in whatever it does then."""
        self._timers.append(self.runner.get_loop().call_later(seconds, process.store.die))

    def spare(self) -> None:
        """Kill nobody who was to be killed later."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        for process in self.processes:
            process.store.last = None

    def note_death(self, left: list[tuple[str, str]]) -> None:
        """Note what a process had in the air when it died."""
        self.deaths += 1
        self.overdrawn = max(self.overdrawn, len(left) - WINDOW)
        self.accounts.read(self.endpoint.log)
        for key, says in left:
            stored = [each for each in self.endpoint.log if each.key == key and each.stored]
            has_it = bool(stored) and stored[-1].says == says
            self.accounts.lose_track(key, says, stored=has_it)

    def _bury(self) -> None:
        """Put a new process in the place of each that is dead."""
        alive = [each for each in self.processes if not each.store.dead]
        if len(alive) == len(self.processes):
            return
        self.processes = alive or [Process(self)]
        self.spare()
        until = time.monotonic() + _NOTICED
        while not self.runner.run(_free(self.first)):  # the server may not have noticed the death yet
            assert time.monotonic() < until, "a lease outlives its process"
            time.sleep(0.005)

    def start_another(self) -> None:
        """Start a further process."""
        self.processes.append(Process(self))

    def act(self, action: Callable[[Connection, Selection, float], Any], keys: Sequence[str]) -> None:
        """Do what a person asks for about some leads."""
        store, now = self.first.store, self.time.now()

        def write(connection: Connection) -> None:
            of_key = select(tables.lead.c.id).where(tables.lead.c.key.in_(keys))
            action(connection, Selection(leads=tuple(connection.scalars(of_key))), now)

        self.runner.run(store.write(write))

    def progress(self) -> Progress | None:
        """Return how far the source has been read."""
        first = self.first
        return self.runner.run(
            first.store.read(lambda connection: runs.progress(connection, first.world.scope))
        )

    def known(self, keys: Sequence[str]) -> dict[str, Known]:
        """Return what the ledger knows of these keys."""
        return self.runner.run(self.first.world.known(*keys))

    def unknown(self) -> list[str]:
        """Return the keys of leads with a version of which nobody knows whether it arrived."""
        query = (
            select(tables.lead.c.key)
            .join(tables.version, tables.version.c.lead_id == tables.lead.c.id)
            .where(tables.version.c.state == State.UNKNOWN.value)
        )
        return self.runner.run(self.first.store.read(lambda connection: list(connection.scalars(query))))

    def column(self, column: Any) -> list[Any]:
        """Return a column of a table of the store."""
        return self.runner.run(self.first.world.column(column))

    def stands(self) -> dict[str, Any]:
        """Return where every lead stands."""
        return self.runner.run(self.first.world.stands())

    def versions(self) -> dict[str, int]:
        """Return how many versions stand in each state."""
        found: dict[str, int] = {}
        for state in self.column(tables.version.c.state):
            found[state] = found.get(state, 0) + 1
        return found

    def close(self) -> None:
        """Give everything back."""
        for process in self.processes:
            process.store.close()
        self.runner.close()


async def _gathered(work: tuple[Coroutine[Any, Any, Any], ...]) -> list[Any]:
    return await asyncio.gather(*work, return_exceptions=True)


async def _free(process: Process) -> bool:
    for lease in (LEASE, process.courier.outbox.lease):
        if not await process.store.acquire(lease):
            return False
        await process.store.release(lease)
    return True
