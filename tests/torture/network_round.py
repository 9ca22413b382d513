"""One round against a bad network: leads, updates of leads, faults, and a good network in the end."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from sync.delivery import Courier, Goal
from sync.endpoints._connection import Connection
from sync.events import Events
from sync.states import State
from sync.store import tables
from sync.store.outbox import Outbox
from tests.delivery_kit import QUICK, SCOPE, states
from tests.torture.experiment import Tally
from tests.torture.leads_to_send import keys_of, stage_versions
from tests.torture.repeats import not_allowed, repeats
from tests.torture.seen import Stalls, Told

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from sync.delivery import Policy
    from sync.endpoints.hatch import Hatch
    from sync.store.store import Store
    from tests.torture.good_endpoint import GoodEndpoint
    from tests.torture.network_faults import Network

LEADS = 100
POLICY = replace(QUICK, max_in_flight=8, max_repeats=100, max_tries=100, failures_in_a_row=3)
#: Of a hundred requests, so many go wrong.
_BROKEN = (20, 50, 90)
#: Seconds that a round goes on at most, against the bad network and against the good one.
_ENOUGH = 60.0
#: Deliveries after which some leads have a newer version.
_OFTEN = 3
#: Handles that the loop and the store may open once and keep, whatever happens.
_KEPT_HANDLES = 4


@dataclass
class Round:
    """What a round is about."""

    store: Store
    hatch: Hatch
    network: Network
    endpoint: GoodEndpoint
    hold: bool = False

    def __post_init__(self) -> None:
        self.newest = dict.fromkeys(keys_of(LEADS), 1)
        policy = replace(POLICY, unknown_outcome="hold" if self.hold else "repeat")
        self.courier = courier(self.store, self.hatch, policy)
        self._stalls = Stalls()

    async def play(self, faults: int) -> Tally:
        """Deliver through the bad network until so much went wrong, then through a good one."""
        stage_versions(self.store, list(self.newest), 1)
        network, before = self.network, open_handles()
        network.percent = network.draws.choice(_BROKEN)
        watching = asyncio.create_task(self._stalls.watch())
        await self._deliver_until(lambda: network.faults.total() >= faults)
        await network.quiet()
        await self._deliver_until(lambda: not waiting(self.store))
        await self.hatch.close()
        watching.cancel()
        tally = self._counted()
        if (more := await handles_beyond(before + _KEPT_HANDLES)) > 0:
            tally.broken.append(f"P9: {more} more files and sockets are open at the end")
        if kept := await connections_in_memory():
            tally.broken.append(f"P9: {kept} connections are still in memory at the end")
        return tally

    async def _deliver_until(self, is_enough: Callable[[], bool]) -> None:
        loop, turns = asyncio.get_running_loop(), 0
        end = loop.time() + _ENOUGH
        while waiting(self.store) and not is_enough() and loop.time() < end:
            async with leased(self.store, self.courier):
                await self.courier.deliver(Goal(0.1))
            turns += 1
            if turns % _OFTEN == 0:
                self._change_some()

    def _change_some(self) -> None:
        for key in self.network.draws.sample(sorted(self.newest), 3):
            self.newest[key] += 1
            stage_versions(self.store, [key], self.newest[key])

    def _counted(self) -> Tally:
        """Compare what was to go with the endpoint's log."""
        came, found = self.endpoint.newest(), states(self.store)
        tally = Tally(faults=self.network.faults.total(), leads=len(self.newest))
        missing = [key for key, version in self.newest.items() if came.get(key) != version]
        unknown = keys_in(self.store, State.UNKNOWN)
        tally.lost = len([key for key in missing if key not in unknown])
        tally.repeated = self.endpoint.repeated()
        seen, excused = self.network.seen, self._stalls.count * POLICY.max_in_flight
        allowed = Counter() if self.hold else seen.arrived
        beyond = (repeats(self.endpoint.log) - Counter(allowed)).total()
        tally.allowed = allowed.total() + min(beyond, excused)
        tally.broken += not_allowed(self.endpoint.log, allowed, excused)
        tally.broken += seen.wrongly_unknown(told(self.store), excused)
        tally.broken += self.endpoint.backwards()
        if found[State.REJECTED.value]:
            tally.broken.append(
                f"P7: {found[State.REJECTED.value]} leads were rejected for the network's faults"
            )
        if waiting(self.store) or (found[State.UNKNOWN.value] and not self.hold):
            tally.broken.append(f"P8: a good network did not bring all of them: {dict(found)}")
        return tally


def courier(store: Store, hatch: Hatch, policy: Policy) -> Courier:
    """Return who delivers."""
    return Courier(hatch, Outbox(store, SCOPE.endpoint), policy, Events([]))


@asynccontextmanager
async def leased(store: Store, courier: Courier) -> AsyncIterator[None]:
    """Hold the endpoint's lease."""
    assert await store.acquire(courier.outbox.lease)
    try:
        yield
    finally:
        await store.release(courier.outbox.lease)


def waiting(store: Store) -> bool:
    """Tell whether a version can still go out by itself: one behind an unknown one can't."""
    return store.read_now(Outbox(store, SCOPE.endpoint)._next_due) is not None


def keys_in(store: Store, state: State) -> set[str]:
    """Return the keys of the leads with a version in this state."""
    version, lead = tables.version, tables.lead
    query = select(lead.c.key).join(version, version.c.lead_id == lead.c.id)
    query = query.where(version.c.state == state.value)
    return store.read_now(lambda connection: set(connection.scalars(query)))


def told(store: Store) -> list[Told]:
    """Return all requests by the program's own books."""
    attempt, lead = tables.attempt, tables.lead
    query = select(lead.c.key, attempt.c.outcome, attempt.c.status).join(lead, lead.c.id == attempt.c.lead_id)
    return store.read_now(lambda connection: [Told(*row) for row in connection.execute(query)])


def open_handles() -> int:
    """Count this process's open files and sockets."""
    return len(list(Path("/proc/self/fd").iterdir()))


async def handles_beyond(most: int) -> int:
    """Return how many more are open than that, once what is closing is closed."""
    for _ in range(100):
        if open_handles() <= most:
            return 0
        await asyncio.sleep(0.02)
    return open_handles() - most


async def connections_in_memory() -> int:
    """Count the connections that nobody needs any more and somebody holds, once all have had time to go."""
    for _ in range(100):
        gc.collect()
        if not any(isinstance(each, Connection) for each in gc.get_objects()):
            return 0
        await asyncio.sleep(0.02)
    return sum(isinstance(each, Connection) for each in gc.get_objects())
