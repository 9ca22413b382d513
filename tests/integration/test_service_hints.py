"""`run` beside itself: rests that sources ask for, pauses, and a configuration that is read while it ends."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

from sources.base import SourceSettings
from sources.errors import Denied, RateLimited
from sync.config import load_config
from sync.events import Events, Said
from sync.runtime.connector import open_connector
from sync.runtime.service import Service
from sync.runtime.stopping import Stop
from sync.store.actions.pausing import pause
from tests.running_command import PATIENCE
from tests.torture.fickle_endpoint import FickleEndpoint, Line

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterator
    from pathlib import Path

    from sources.base import Page, PollRequest
    from sync.config import Config
    from sync.runtime.connector import Connector

CONNECTOR = """endpoint:
  type: hatch
  department_id: "12345678"
  api_key: made-up
  source: my_company
state: sqlite:///state.db
sources:
  crm:
    type: spreadsheet
    path: crm.csv
    key: id
    mapping: crm.yaml
    schedule: "0 0 1 1 *"
    first_sync: everything
"""


class Resting:
    """A source that tells whenever it is asked to, and asks at each poll to be left alone."""

    name: ClassVar[str] = "resting"
    Settings: ClassVar[type[SourceSettings]] = SourceSettings

    def __init__(self, rest: float) -> None:
        self.rest = rest
        self.polls = 0
        self.bell = asyncio.Event()

    async def poll(self, _request: PollRequest) -> AsyncGenerator[Page, None]:
        self.polls += 1
        raise RateLimited("too often", self.rest)
        yield

    async def hints(self) -> AsyncIterator[None]:
        while True:
            await self.bell.wait()
            self.bell.clear()
            yield


class Denying(Resting):
    """A source that refuses us, and tells of a change during every poll."""

    def __init__(self, time: Hours) -> None:
        super().__init__(0.0)
        self._time = time
        self.polled_at: list[float] = []

    async def poll(self, _request: PollRequest) -> AsyncGenerator[Page, None]:
        self.polls += 1
        self.polled_at.append(self._time.present)
        self.bell.set()
        raise Denied("the key is not taken")
        yield


class Hours:
    """Time in which long waits are over at once."""

    def __init__(self) -> None:
        self.present = 1_790_000_000.0
        self.longest = 0.0

    def now(self) -> float:
        return self.present

    async def wait(self, bell: asyncio.Event, seconds: float | None) -> None:
        if seconds is None:
            await bell.wait()
            return
        await asyncio.sleep(0.001)
        if not bell.is_set():
            self.longest = max(self.longest, seconds)
            self.present += seconds


def loaded(directory: Path, source: Resting, text: str = CONNECTOR) -> Config:
    (directory / "connector.yaml").write_text(text, encoding="utf-8")
    (directory / "crm.yaml").write_text("lead:\n  firstName: name\n  phoneNumber: phone\n", encoding="utf-8")
    config = load_config(directory / "connector.yaml", {})
    sources = {name: replace(each, adapter=lambda *_: source) for name, each in config.sources.items()}
    line = Line(FickleEndpoint())
    endpoints = {name: replace(each, adapter=lambda _: line) for name, each in config.endpoints.items()}
    return replace(config, sources=sources, endpoints=endpoints)


@contextmanager
def connected(directory: Path, source: Resting, said: list[str], time: Any = None) -> Iterator[Connector]:
    tell = Events([lambda event: said.append(event.text) if isinstance(event, Said) else None])
    with open_connector(loaded(directory, source), tell, time) as connector:
        yield connector


async def until(is_so: Any) -> None:
    async with asyncio.timeout(PATIENCE):
        while not is_so():  # noqa: ASYNC110 - it is a number, and the source's own
            await asyncio.sleep(0.005)


async def test_a_source_that_asks_to_rest_for_ever_is_asked_again_within_a_day(tmp_path: Path) -> None:
    source, time, stop = Resting(1e300), Hours(), Stop()
    with connected(tmp_path, source, [], time) as connector:
        service = Service(connector, stop, lambda: connector.config)
        running = asyncio.create_task(service.run())
        for polls in (1, 2):
            source.bell.set()
            await until(lambda wanted=polls: source.polls >= wanted)
        stop.ask()
        await asyncio.wait_for(running, PATIENCE)
    assert 80_000 < time.longest <= 86_400


async def test_hints_leave_a_source_alone_for_longer_each_time_that_it_fails(tmp_path: Path) -> None:
    time, stop = Hours(), Stop()
    source = Denying(time)
    with connected(tmp_path, source, [], time) as connector:
        running = asyncio.create_task(Service(connector, stop, lambda: connector.config).run())
        source.bell.set()
        await until(lambda: source.polls >= 8)
        stop.ask()
        await asyncio.wait_for(running, PATIENCE)
    gaps = [later - sooner for sooner, later in pairwise(source.polled_at)]
    assert all(gap >= 2**number for number, gap in enumerate(gaps[:7]))


async def test_many_hints_of_a_paused_source_are_said_once(tmp_path: Path) -> None:
    source, stop = Resting(0.0), Stop()
    said: list[str] = []
    with connected(tmp_path, source, said, Hours()) as connector:
        await connector.store.write(lambda connection: pause(connection, "source:crm", 0.0))
        running = asyncio.create_task(Service(connector, stop, lambda: connector.config).run())
        for _ in range(5):
            source.bell.set()
            await asyncio.sleep(0.1)
        stop.ask()
        await asyncio.wait_for(running, PATIENCE)
    assert source.polls == 0
    assert said.count("paused; leadrelay resume crm starts it again") == 1


async def test_a_configuration_that_is_read_while_run_ends_begins_nothing(tmp_path: Path) -> None:
    source, stop, go_on, reads = Resting(1.0), Stop(), threading.Event(), threading.Event()
    other = CONNECTOR.replace("source: my_company", "source: my_company\n  max_in_flight: 3")

    def slowly() -> Config:
        reads.set()
        assert go_on.wait(PATIENCE)
        return loaded(tmp_path, source, other)

    with connected(tmp_path, source, []) as connector:
        service = Service(connector, stop, slowly)
        before = asyncio.all_tasks()
        running = asyncio.create_task(service.run())
        await asyncio.sleep(0.1)
        reloading = asyncio.create_task(service.reload())
        await until(reads.is_set)
        stop.ask()
        await asyncio.sleep(0.05)
        go_on.set()
        await asyncio.wait_for(asyncio.gather(running, reloading), PATIENCE)
        assert asyncio.all_tasks() == before


async def test_two_readings_of_the_configuration_come_one_after_the_other(tmp_path: Path) -> None:
    source, stop, first = Resting(1.0), Stop(), threading.Event()
    texts = [CONNECTOR, CONNECTOR.replace("source: my_company", "source: my_company\n  max_in_flight: 3")]

    def load() -> Config:
        text = texts.pop(0)
        if texts:  # the earlier one takes its time
            first.wait(0.2)
        return loaded(tmp_path, source, text)

    with connected(tmp_path, source, []) as connector:
        service = Service(connector, stop, load)
        running = asyncio.create_task(service.run())
        await asyncio.sleep(0.1)
        await asyncio.wait_for(asyncio.gather(service.reload(), service.reload()), PATIENCE)
        assert connector.config.endpoints["default"].settings.max_in_flight == 3
        stop.ask()
        await asyncio.wait_for(running, PATIENCE)
