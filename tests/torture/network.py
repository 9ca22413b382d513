"""Network faults: leads through a proxy that breaks requests in every way, and then a good network."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import uvloop

from sync.store.store import open_store
from tests.endpoint_server import hatch_at
from tests.torture.certificates import speaking_tls
from tests.torture.experiment import Experiment, Tally
from tests.torture.good_endpoint import running_endpoint
from tests.torture.memory import resident_bytes
from tests.torture.network_faults import TIMEOUT, Network
from tests.torture.network_round import LEADS, Round
from tests.torture.network_scenes import SCENES
from tests.torture.tcp_proxy import TcpProxy

if TYPE_CHECKING:
    import ssl
    from pathlib import Path

    from tests.torture.good_endpoint import GoodEndpoint

#: Rounds that there are in any case: the first over TCP, the second over TLS.
_FEWEST = 2
_LOOPS = (asyncio.new_event_loop, uvloop.new_event_loop)
#: Rounds after which memory has what it needs; from then on it may not grow by more than this.
_WARM, _MOST_BYTES = 4, 32 * 1024 * 1024
_MILLISECONDS = round(TIMEOUT * 1000)


def run(seed: int, faults: int, directory: Path) -> Tally:
    """Break so many requests, and then everything once that is the same for each of them."""
    tally, number, settled = Tally(), 0, 0
    with speaking_tls(directory) as context:
        while tally.faults < faults or number < _FEWEST:
            wanted = max(1, min(faults - tally.faults, LEADS, faults // _FEWEST))
            there = _made(directory / f"round-{number}")
            found = _round(seed + number, number, wanted, context if number % 2 else None, there)
            _add(tally, found, f"round with seed {seed + number}")
            number += 1
            if number == _WARM:
                settled = resident_bytes()
    if settled and (more := resident_bytes() - settled) > _MOST_BYTES:
        tally.broken.append(f"P9: {more:,} more bytes of memory after {number} rounds than after {_WARM}")
    for scene in SCENES:
        _add(tally, scene(seed, _made(directory / scene.__name__)), scene.__name__)
    return tally


def _made(directory: Path) -> Path:
    directory.mkdir()
    return directory


def _add(whole: Tally, part: Tally, name: str) -> None:
    whole.faults += part.faults
    whole.leads += part.leads
    whole.lost += part.lost
    whole.repeated += part.repeated
    whole.allowed += part.allowed
    whole.broken += [f"{name}: {sentence}" for sentence in part.broken]
    if part.repeated > part.allowed:
        whole.broken.append(f"{name}: {part.repeated} repeats, and {part.allowed} are allowed")


def _round(seed: int, number: int, faults: int, context: ssl.SSLContext | None, directory: Path) -> Tally:
    network = Network(random.Random(seed))
    loop = _LOOPS[(number + number // 2) % 2]
    hold = bool((number + number // 4) % 2)
    with running_endpoint(seed, slowest=0.005) as endpoint, running_endpoint(seed) as trap:
        network.trap = trap.url
        with asyncio.Runner(loop_factory=loop) as runner:
            tally = runner.run(
                _play(
                    network, faults, TcpProxy(endpoint.port, network.draw, context), endpoint, directory, hold
                )
            )
        if trap.connections:
            tally.broken.append(f"{trap.connections} connections followed a redirect to another host")
    return tally


async def _play(
    network: Network, faults: int, proxy: TcpProxy, endpoint: GoodEndpoint, directory: Path, hold: bool
) -> Tally:
    store = open_store(f"sqlite:///{directory / 'state.db'}")
    await proxy.start()
    try:
        hatch = hatch_at(proxy.url, timeout=f"{_MILLISECONDS}ms")
        return await Round(store, hatch, network, endpoint, hold).play(faults)
    finally:
        await proxy.stop()
        store.close()


EXPERIMENT = Experiment(
    name="network",
    promises=("P1", "P2", "P4", "P7", "P8", "P9"),
    how="requests are refused, reset, left without an answer, answered slowly, in part, with a page, with a "
    "redirect or with garbage by a proxy on the way, over TCP and TLS; then the network is good again",
    run=run,
    whole=3000,
    small=60,
)
