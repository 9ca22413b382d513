"""What is wrong with a network for every request alike: no lead is spent on it, and none is rejected."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from sync.delivery import Goal
from sync.delivery.health import Status
from sync.endpoints.base import Outcome
from sync.states import State
from sync.store.outbox import Outbox
from sync.store.store import open_store
from tests.delivery_kit import SCOPE, attempts, states
from tests.endpoint_server import certificate, hatch_at
from tests.local_server import free_port
from tests.torture.certificates import expired, server_side, speaking_tls, trusted
from tests.torture.experiment import Tally
from tests.torture.good_endpoint import running_endpoint
from tests.torture.leads_to_send import keys_of, stage_versions
from tests.torture.network_faults import Network, whole
from tests.torture.network_outages import an_hours_outage, the_installed_command
from tests.torture.network_round import POLICY, courier, keys_in, leased, waiting
from tests.torture.tcp_proxy import TcpProxy

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from sync.store.store import Store
    from tests.torture.good_endpoint import GoodEndpoint
    from tests.torture.tcp_proxy import Exchange

_LEADS = 20
#: Deliveries against what is wrong.
_TIMES = 3


def expired_tls(seed: int, directory: Path) -> Tally:
    """Meet a certificate that was valid once."""
    files = expired(directory)
    with trusted(files[0]):
        return _behind_tls(seed, directory, server_side(files), "127.0.0.1")


def self_signed_tls(seed: int, directory: Path) -> Tally:
    """Meet a certificate that nobody vouches for."""
    return _behind_tls(seed, directory, server_side(certificate(directory)), "127.0.0.1")


def tls_for_another_host(seed: int, directory: Path) -> Tally:
    """Meet a certificate that is good, for somebody else."""
    with speaking_tls(directory) as context:
        return _behind_tls(seed, directory, context, "localhost")


def no_tls(seed: int, directory: Path) -> Tally:
    """Meet a server that speaks HTTP where TLS should be."""
    return _behind_tls(seed, directory, None, "127.0.0.1")


def no_such_name(seed: int, directory: Path) -> Tally:
    """Have a host name that nobody has."""
    return asyncio.run(_comes_back(seed, directory, "https://hatch.invalid/", Status.HALTED))


def refused(seed: int, directory: Path) -> Tally:
    """Have a port that nobody listens on."""
    return asyncio.run(_comes_back(seed, directory, f"http://127.0.0.1:{free_port()}/", Status.DOWN))


def too_many_connections(seed: int, directory: Path) -> Tally:
    """Want more connections than somebody on the way lets through; what waits there may arrive later."""
    return asyncio.run(_crowded(seed, directory))


SCENES = (
    expired_tls,
    self_signed_tls,
    tls_for_another_host,
    no_tls,
    no_such_name,
    refused,
    too_many_connections,
    an_hours_outage,
    the_installed_command,
)


def _behind_tls(seed: int, directory: Path, context: ssl.SSLContext | None, host: str) -> Tally:
    async def meet() -> Tally:
        proxy = TcpProxy(0, Network(random.Random(seed)).draw if context else lambda: _says_so, context)
        await proxy.start()
        try:
            return await _comes_back(seed, directory, f"https://{host}:{proxy.port}/", Status.HALTED)
        finally:
            await proxy.stop()

    return asyncio.run(meet())


async def _says_so(exchange: Exchange) -> None:
    """Do as a web server does that is asked for TLS where it speaks none."""
    await exchange.reader.read(1)
    await exchange.say(whole("400 Bad Request", b"The plain HTTP request was sent to HTTPS port"))
    await exchange.end()


async def _comes_back(seed: int, directory: Path, wrong: str, status: Status) -> Tally:
    """Deliver to a wrong place, which has to be noticed for what it is, then to the right one."""
    with running_endpoint(seed) as endpoint, _stored(directory) as store:
        tally = Tally(faults=_TIMES, leads=_LEADS)
        for _ in range(_TIMES):
            await _delivered(store, wrong)
            if (found := await _remembered(store)) != status:
                tally.broken.append(f"P7: the endpoint is said to be {found}, not {status}")
            if states(store) != {State.PENDING.value: _LEADS}:
                tally.broken.append(f"P7: leads were spent: {dict(states(store))}")
        await _delivered(store, endpoint.url)
        return _counted(tally, store, endpoint)


async def _crowded(seed: int, directory: Path) -> Tally:
    with running_endpoint(seed) as endpoint, _stored(directory) as store:
        async with _proxied(endpoint, seed, most=2) as proxy:
            await _delivered(store, f"http://127.0.0.1:{proxy.port}/", hold=True)
            await _delivered(store, endpoint.url, hold=True)
        waited = attempts(store).count(Outcome.UNKNOWN)
        tally = Tally(faults=waited, leads=_LEADS)
        if not waited:
            tally.broken.append("nothing waited before the gate, so that nothing was tried")
        return _counted(tally, store, endpoint)


@asynccontextmanager
async def _proxied(endpoint: GoodEndpoint, seed: int, most: int) -> AsyncIterator[TcpProxy]:
    proxy = TcpProxy(endpoint.port, Network(random.Random(seed)).draw, most=most)
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.stop()


async def _delivered(store: Store, url: str, *, hold: bool = False) -> None:
    """Deliver what waits to an address, until it is done or given up, as a process of its own does."""
    hatch = hatch_at(url, timeout="150ms")
    made = courier(store, hatch, replace(POLICY, unknown_outcome="hold" if hold else "repeat"))
    async with leased(store, made):
        await made.deliver(Goal(0.1))
    await hatch.close()


async def _remembered(store: Store) -> str:
    """Return how the endpoint stands, as `status` shows it."""
    row = await Outbox(store, SCOPE.endpoint).condition()
    return row.state if row else ""


def _counted(tally: Tally, store: Store, endpoint: GoodEndpoint) -> Tally:
    unknown = keys_in(store, State.UNKNOWN)
    tally.lost = len(set(keys_of(_LEADS)) - endpoint.newest().keys() - unknown)
    tally.repeated = endpoint.repeated()
    if keys_in(store, State.REJECTED) or waiting(store):
        tally.broken.append(f"P7: a good network did not bring all of them: {dict(states(store))}")
    return tally


@contextmanager
def _stored(directory: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{directory / 'state.db'}")
    try:
        stage_versions(store, keys_of(_LEADS), 1)
        yield store
    finally:
        store.close()
