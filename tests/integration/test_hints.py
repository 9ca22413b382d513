"""Sources that tell of changes, listened to by `run`: what breaks off begins again, and is said once."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

import pytest

from sources.base import SourceSettings
from sources.errors import BadConfig, Unavailable
from sync.config import Catalog, load_config
from sync.events import Events, Said
from sync.runtime.connector import Connector, open_connector
from sync.runtime.hinting import Hints, pace_of
from sync.runtime.listening import Listener
from tests.running_command import PATIENCE
from tests.unit.config_project import ENDPOINT, SOURCE, Hatch, write

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

HOOK = "    hook: { type: pipedrive, user: me, password: pw }\n"
LISTEN = "hooks: { listen: '127.0.0.1:0' }\n"


class Teller:
    """A source that tells as its script says: a number of hints, then an error or silence."""

    name: ClassVar[str] = "table"
    script: ClassVar[list[tuple[int, Exception | None]]] = []
    closed: ClassVar[int] = 0

    class Settings(SourceSettings):
        """Its settings."""

        key: str
        word: str = ""

    def __init__(self, *_: object) -> None:
        pass

    async def hints(self) -> AsyncIterator[None]:
        count, error = self.script.pop(0) if self.script else (1, None)
        try:
            for _ in range(count):
                yield
            if error is not None:
                raise error
            await asyncio.Event().wait()
        finally:
            Teller.closed += 1


class Quick:
    """Time in which every wait is over at once, and noted."""

    def __init__(self) -> None:
        self.waits: list[float | None] = []

    def now(self) -> float:
        return 1000.0

    async def wait(self, bell: asyncio.Event, seconds: float | None) -> None:
        self.waits.append(seconds)
        if seconds is None:
            await bell.wait()
        await asyncio.sleep(0)


@pytest.fixture
def said() -> list[str]:
    return []


CATALOG = Catalog(lambda: {"hatch": Hatch}, lambda: ("table",), lambda _: Teller)


@contextmanager
def connector(directory: Path, said: list[str], text: str, time: object = None) -> Iterator[Connector]:
    config = load_config(write(directory, ENDPOINT + text), {}, catalog=CATALOG)
    tell = Events([lambda event: said.append(event.text) if isinstance(event, Said) else None])
    with open_connector(config, tell, time) as opened:
        yield opened


async def listened(
    directory: Path, said: list[str], script: list[tuple[int, Exception | None]]
) -> tuple[int, Quick]:
    """Play a script to its end, and return how often it rang, and what was waited for."""
    rung, time = [0], Quick()
    Teller.script, Teller.closed, count = script, 0, len(script)

    def ring() -> None:
        rung[0] += 1

    with connector(directory, said, SOURCE, time) as opened:
        task = asyncio.create_task(Listener(opened, opened.config.sources["crm"], ring).listen())
        for _ in range(200):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
    assert Teller.closed == count, "each was given back"
    return rung[0], time


async def test_each_hint_rings(tmp_path: Path, said: list[str]) -> None:
    rung, _ = await listened(tmp_path, said, [(3, None)])
    assert (rung, said) == (3, [])


async def test_what_broke_off_begins_again_and_polls_then(tmp_path: Path, said: list[str]) -> None:
    away = Unavailable("the database is away")
    rung, time = await listened(tmp_path, said, [(2, away), (0, away), (0, away), (1, None)])
    assert (rung, time.waits) == (3, [1.0, 2.0, 4.0])
    assert said == [
        "tells nothing of changes at the moment, its schedule does: the database is away",
        "tells of changes again",
    ]


async def test_an_adapter_that_tells_without_end_keeps_nobody_from_working(
    tmp_path: Path, said: list[str]
) -> None:
    rung, _ = await listened(tmp_path, said, [(1_000_000, None)])
    assert 0 < rung < 1_000_000


async def test_pauses_grow_to_a_minute(tmp_path: Path, said: list[str]) -> None:
    _, time = await listened(tmp_path, said, [(0, Unavailable("away"))] * 9 + [(0, None)])
    assert time.waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert len(said) == 1


async def test_settings_that_can_not_work_are_said_and_let_be(tmp_path: Path, said: list[str]) -> None:
    rung, time = await listened(tmp_path, said, [(0, BadConfig("no such channel", "notify"))])
    assert (rung, time.waits) == (0, [])
    assert said == ["tells nothing of changes, its schedule does: no such channel"]


async def test_a_bug_in_an_adapter_harms_nobody_and_gives_nothing_away(
    tmp_path: Path, said: list[str]
) -> None:
    rung, time = await listened(tmp_path, said, [(0, RuntimeError("(804) 555-0101")), (1, None)])
    assert (rung, time.waits) == (1, [1.0])
    assert said[0] == "its adapter failed to tell of changes (RuntimeError)"


async def test_hints_poll_and_an_ended_configuration_is_left_alone(tmp_path: Path, said: list[str]) -> None:
    Teller.script, Teller.closed = [], 0
    polled: asyncio.Queue[str] = asyncio.Queue()

    async def poll(name: str) -> None:
        polled.put_nowait(name)

    with connector(tmp_path, said, SOURCE + "    schedule: every 1h\n") as opened:
        hints = Hints(opened, poll, lambda _: 0.0)
        hints.make_ready(opened.config)
        await hints.follow(opened.config)
        assert await asyncio.wait_for(polled.get(), PATIENCE) == "crm"
        same = load_config(opened.config.path, {}, catalog=CATALOG)
        await hints.follow(same)
        assert Teller.closed == 0, "it goes on as it was"
        for text, closed in ((SOURCE + "    schedule: every 1h\n    word: other\n", 1), (SOURCE, 2)):
            await hints.follow(load_config(write(tmp_path, ENDPOINT + text), {}, catalog=CATALOG))
            await asyncio.sleep(0)
            assert Teller.closed == closed
        await hints.end()


async def test_a_bug_met_by_a_poll_does_not_end_the_listening(tmp_path: Path, said: list[str]) -> None:
    Teller.script = [(1, Unavailable("away"))]  # so that there is a second hint
    polled: asyncio.Queue[str] = asyncio.Queue()

    async def poll(name: str) -> None:
        polled.put_nowait(name)
        raise RuntimeError("(804) 555-0101")

    with connector(tmp_path, said, SOURCE + "    schedule: every 1h\n") as opened:
        hints = Hints(opened, poll, lambda _: 0.0)
        await hints.follow(opened.config)
        for _ in range(2):
            assert await asyncio.wait_for(polled.get(), PATIENCE) == "crm"
        await hints.end()
    assert said.count("a poll on a hint failed (RuntimeError)") == 2


def test_an_api_that_calls_us_is_asked_no_more_often_than_its_rate(tmp_path: Path, said: list[str]) -> None:
    polled = SOURCE + "    schedule: every 1m\n"
    with connector(tmp_path, said, polled) as opened:
        assert (pace_of(opened.config.sources["crm"]).gap, pace_of(opened.config.sources["crm"]).again) == (
            0.1,
            None,
        )
    with connector(tmp_path, said, polled + HOOK.replace(" }", ", again: 30s }")) as opened:
        pace = pace_of(opened.config.sources["crm"])
        assert (pace.gap, pace.again) == (1.0, 30.0)
