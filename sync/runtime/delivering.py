"""The outbox of one endpoint, delivered by this process or, while another does it, watched."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sync.delivery import Courier, Delivered, Ending, Goal, Policy
from sync.runtime.making import make_endpoint
from sync.runtime.restoring import hold_if_restored
from sync.runtime.restraint import outbox_and_doors
from sync.states import State
from sync.store.leases import holder
from sync.store.standing import count_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from sync.config import EndpointConfig
    from sync.runtime.connector import Connector
    from sync.runtime.stopping import Stop
    from sync.store.outbox import Outbox

#: Between two looks at what another process delivers, in seconds.
_LOOK = 0.25
#: Why nothing is delivered here, for people.
_ELSEWHERE = "{} delivers to it"


async def deliver(
    connector: Connector,
    endpoint: EndpointConfig,
    stop: Stop,
    goal: Goal,
    on_courier: Callable[[Courier], None] = lambda _courier: None,
) -> Delivered:
    """Deliver until the goal is reached; while another process delivers, wait for it to be through.

    Args:
        connector: what to work with.
        endpoint: whose outbox it is.
        stop: ends it early, with everything in the air settled.
        goal: when to end.
        on_courier: told who delivers, so that it can be woken.

    Raises:
        StoreError: when the store can't be used.

    """
    async with courier_of(connector, endpoint) as courier:
        on_courier(courier)
        return await deliver_by(connector, courier, stop, goal)


async def deliver_by(connector: Connector, courier: Courier, stop: Stop, goal: Goal) -> Delivered:
    """Do what `deliver` does with a courier that is there; it may be called again after an error.

    Raises:
        StoreError: when the store can't be used. What has come back is kept by the courier.

    """
    outbox = courier.outbox
    if not await connector.store.acquire(outbox.lease):
        found = await _watched(connector, outbox, stop, goal)
        if found is not None:
            return found
    try:
        await hold_if_restored(connector)
        with stop.telling(courier.stop):
            return await courier.deliver(goal)
    finally:
        connector.mark.write()
        await connector.give_back(outbox.lease)


@asynccontextmanager
async def courier_of(connector: Connector, endpoint: EndpointConfig) -> AsyncIterator[Courier]:
    """Make the courier of an endpoint; its connections are given back afterwards."""
    made, (outbox, doors) = make_endpoint(endpoint), outbox_and_doors(connector, endpoint)
    policy = Policy.of(endpoint.settings)
    try:
        yield Courier(made, outbox, policy, connector.tell, time=connector.time, doors=doors)
    finally:
        await made.close()


async def _watched(connector: Connector, outbox: Outbox, stop: Stop, goal: Goal) -> Delivered | None:
    """Wait while another process delivers; None once it does no more, and the lease is this process's.

    Ends when nothing waits, and when nothing has moved for as long as the goal says.
    """
    store, time = connector.store, connector.time
    by = await store.read(lambda connection: holder(connection, outbox.lease))
    reason = _ELSEWHERE.format(by or "another process")
    left, since, bell = -1, time.now(), asyncio.Event()
    with stop.telling(bell.set):
        while True:
            waiting = await store.read(
                lambda connection: count_of(connection, outbox.endpoint, State.PENDING)
            )
            if stop.asked:
                return Delivered(ending=Ending.STOPPED, reason=reason)
            if not waiting and not goal.feeding():
                return Delivered(ending=Ending.DRAINED, reason=reason)
            if waiting != left:
                left, since = waiting, time.now()
            if goal.give_up is not None and time.now() - since > goal.give_up:
                return Delivered(ending=Ending.ELSEWHERE, reason=reason)
            await time.wait(bell, _LOOK)
            if await store.acquire(outbox.lease):
                return None
