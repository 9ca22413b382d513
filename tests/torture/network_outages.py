"""An hour without the endpoint, on a clock of its own; and a bad network for the installed command."""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest.mock import patch

from sync.delivery import Courier, Goal, Policy
from sync.endpoints.base import Outcome, Receipt
from sync.events import Events
from sync.states import State
from sync.store.outbox import Outbox
from sync.store.store import open_store
from tests.delivery_kit import ACCEPTED, BUSY, NO_LINE, SCOPE, ScriptedEndpoint, all_accepted, stage, states
from tests.installed import installed_command
from tests.lead_rows import leads, write_sheet
from tests.project import Project
from tests.torture.experiment import Tally
from tests.torture.good_endpoint import running_endpoint
from tests.torture.leads_to_send import keys_of
from tests.torture.network_faults import Network
from tests.torture.repeats import not_allowed
from tests.torture.tcp_proxy import TcpProxy
from tests.torture.virtual_time import BEGINNING, LoopTime, virtual

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_HOUR = 3600.0
#: Seconds between two looks for what other processes have staged; there are none.
_LOOK = 20.0
_LEADS = 200
_SLOWLY = Receipt(Outcome.LATER, "503: busy", 503, 600.0)
#: In place of a key, in a question without a lead.
_NOBODY = ""
#: Tries in an hour that leave a dead endpoint in peace.
_PATIENT = 120
#: Rows for the installed command, and how often it meets the bad network.
_ROWS, _TIMES = 40, 2
#: Deliveries over a good network, at the most: a lead that failed a few times waits for some seconds.
_UNTIL_ALL = 20


def an_hours_outage(seed: int, directory: Path) -> Tally:
    """Have nothing taken for an hour, in several ways; then everything, within the longest pause."""
    with virtual() as runner:
        time = LoopTime(runner.get_loop())
        store = open_store(f"sqlite:///{directory / 'state.db'}", time.now)
        stage(store, keys_of(_LEADS))
        draws = random.Random(seed)

        def is_over() -> bool:
            return time.now() >= BEGINNING + _HOUR

        def answer(key: str, _number: int) -> Receipt:
            taken.update([key] if is_over() else [])
            return ACCEPTED if is_over() else draws.choice((NO_LINE, BUSY, _SLOWLY))

        endpoint, taken = _Away(answer), Counter[str]()
        policy = Policy(max_in_flight=8)
        courier = Courier(endpoint, Outbox(store, SCOPE.endpoint), policy, Events([]), time=time)
        try:
            # An hour has 3,600 seconds, and a look each second takes as many turns of the loop.
            with patch("sync.delivery.courier.LOOK_SECONDS", _LOOK):
                runner.run(_until_accepted(courier, lambda: states(store) == all_accepted(_LEADS)))
            return _of_the_hour(endpoint, taken, time.now() - BEGINNING - _HOUR - policy.longest_pause * 2)
        finally:
            store.close()


class _Away(ScriptedEndpoint):
    """Answers a question without a lead as it answers a lead."""

    async def probe(self) -> Receipt:
        self.probe_answer = self._answer(_NOBODY, 0)
        return await super().probe()


async def _until_accepted(courier: Courier, is_over: Callable[[], bool]) -> None:
    store = courier.outbox._store
    assert await store.acquire(courier.outbox.lease)
    delivering = asyncio.create_task(courier.deliver(Goal(None)))
    end = asyncio.get_running_loop().time() + 4 * _HOUR
    while not is_over() and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110 - the store rings no bell
        await asyncio.sleep(10.0)
    courier.stop()
    await delivering
    await store.release(courier.outbox.lease)


def _of_the_hour(endpoint: ScriptedEndpoint, taken: Counter[str], too_late: float) -> Tally:
    del taken[_NOBODY]
    tries = len(endpoint.sent) - taken.total() + endpoint.probes
    tally = Tally(faults=tries, leads=_LEADS, lost=len(set(keys_of(_LEADS)) - set(taken)))
    tally.repeated = taken.total() - len(taken)
    if tries > _PATIENT:
        tally.broken.append(f"P7: a dead endpoint was tried {tries} times in an hour")
    if too_late > 0:
        tally.broken.append(f"P7: leads went out {too_late:.0f} seconds later than the longest pause allows")
    return tally


def the_installed_command(seed: int, directory: Path) -> Tally:
    """Run `sync` through the proxy, some times while the network is bad and once when it is good."""
    network = Network(random.Random(seed))
    with running_endpoint(seed) as endpoint, _in_a_thread(network, endpoint.port) as proxy:
        project = Project(directory, installed_command())
        project.endpoint = {
            "type": "hatch",
            "department_id": "sales",
            "api_key": "key-of-the-tests-1234",
            "source": "my_company",
            "base_url": proxy.url,
            "rate_limit": "none",
            "timeout": "500ms",
            "give_up": "500ms",
            "max_repeats": 100,
        }
        project.source(type="spreadsheet", path="leads.csv", key="id")
        write_sheet(project.path("leads.csv"), leads(_ROWS, plan="1"))
        network.percent = 50
        for _ in range(_TIMES):
            project.sync(code=None)
        network.percent = 0
        for _ in range(_UNTIL_ALL):
            _until_the_pause_is_over(project)
            if not project.sync(code=None).delivery["pending"]:
                break
        tally = Tally(network.faults.total(), _ROWS, _ROWS - len(endpoint.newest()))
        allowed = network.seen.arrived
        tally.repeated, tally.allowed = endpoint.repeated(), allowed.total()
        tally.broken += not_allowed(endpoint.log, allowed)
        if project.states() != {State.ACCEPTED.value: _ROWS}:
            tally.broken.append(f"P8: a good network did not bring all of them: {project.states()}")
    return tally


def _until_the_pause_is_over(project: Project) -> None:
    project.call("retry", "--all", "--yes", code=None)


@contextmanager
def _in_a_thread(network: Network, endpoint_port: int) -> Iterator[TcpProxy]:
    """Run a proxy beside the test."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    proxy = TcpProxy(endpoint_port, network.draw)
    asyncio.run_coroutine_threadsafe(proxy.start(), loop).result(10)
    try:
        yield proxy
    finally:
        asyncio.run_coroutine_threadsafe(proxy.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
