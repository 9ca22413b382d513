"""A day of `run` in virtual time: two sources on their schedules, an endpoint, and whatever goes wrong."""

from __future__ import annotations

import asyncio
import gc
import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from sources.errors import RateLimited, Unavailable
from sync.config import load_config
from sync.events import Events
from sync.runtime.connector import Connector
from sync.runtime.service import Service
from sync.runtime.stopping import Stop
from sync.store import tables
from tests.scripted_source import at
from tests.torture.account import Accounts
from tests.torture.fickle_endpoint import FickleEndpoint, Line, Trouble
from tests.torture.memory import resident_bytes
from tests.torture.mortal_store import open_mortal
from tests.torture.restless_table import RestlessTable
from tests.torture.virtual_time import BEGINNING, LoopTime

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator
    from random import Random

    from sources.base import Page, PollRequest
    from sync.config import Config

HOUR = 3600.0
CONNECTOR = """endpoint:
  type: hatch
  department_id: "12345678"
  api_key: made-up
  source: my_company
  rate_limit: none
state: sqlite:///state.db
sources:
  crm:
    type: spreadsheet
    path: crm.csv
    key: id
    mapping: crm.yaml
    schedule: every 2m
    lookback: 10m
    first_sync: everything
  orders:
    type: spreadsheet
    path: orders.csv
    key: id
    mapping: crm.yaml
    schedule: "*/10 * * * *"
    lookback: 10m
    first_sync: everything
"""
MAPPING = "lead:\n  firstName: name\n  phoneNumber: phone\n"
#: Seconds between two things that people do to a source.
_PACE = 120.0
#: The letters of keys, by source: one endpoint tells their leads apart.
KEYS = {"crm": "abcdefghijklm", "orders": "nopqrstuvwxyz"}


@dataclass(frozen=True, slots=True)
class Footprint:
    """What the process holds."""

    #: In bytes.
    memory: int
    objects: int
    files: int
    threads: int
    tasks: int

    @classmethod
    def now(cls) -> Footprint:
        """Measure it."""
        gc.collect()
        return cls(
            resident_bytes(),
            len(gc.get_objects()),
            len(list(Path("/dev/fd").iterdir())),
            threading.active_count(),
            len(asyncio.all_tasks()),
        )


class MoodyTable(RestlessTable):
    """A table whose server is away now and then."""

    #: Raised by the next polls, one each.
    moods: list[Exception]

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        async for page in super().poll(request):
            yield page
            if self.moods:
                raise self.moods.pop()


class Day:
    """All of it. Everything drawn comes from `chance`."""

    def __init__(self, directory: Path, chance: Random, time: LoopTime) -> None:
        self._chance, self.time = chance, time
        self.endpoint, self.accounts = FickleEndpoint(), Accounts(hold=False)
        self.tables = {name: MoodyTable(page_size=4) for name in KEYS}
        for table in self.tables.values():
            table.moods = []
        self.faults = 0
        self.store = open_mortal(f"sqlite:///{directory}/state.db", time.now)
        self.connector = Connector(self._load(directory), self.store, Events(), time)
        self._directory = directory
        self._numbers = iter(range(1, 10**9))

    def _load(self, directory: Path) -> Config:
        (directory / "connector.yaml").write_text(CONNECTOR, encoding="utf-8")
        (directory / "crm.yaml").write_text(MAPPING, encoding="utf-8")
        config = load_config(directory / "connector.yaml", {})
        sources = {name: replace(each, adapter=self._adapter(name)) for name, each in config.sources.items()}
        endpoints = {
            name: replace(each, adapter=lambda _settings: Line(self.endpoint))
            for name, each in config.endpoints.items()
        }
        return replace(config, sources=sources, endpoints=endpoints)

    def stands(self) -> dict[str, str | None]:
        """Return where the newest version of each lead stands."""
        lead, version = tables.lead, tables.version
        query = select(lead.c.key, version.c.state).join(
            version, version.c.id == lead.c.version_id, isouter=True
        )
        return self.store.read_now(
            lambda connection: {row.key: row.state for row in connection.execute(query)}
        )

    def _adapter(self, name: str) -> Any:
        return lambda _settings, _context: self.tables[name]

    @contextmanager
    def running(self) -> Iterator[tuple[Service, Stop]]:
        """Make what runs; the store is given back afterwards."""
        stop = Stop()
        try:
            yield Service(self.connector, stop, lambda: self._load(self._directory)), stop
        finally:
            self.store.close()

    async def live(self, hours: int, service: Service) -> None:
        """Let so many hours pass, with people and faults in them."""
        end = self.time.now() + hours * HOUR
        while self.time.now() < end:
            await asyncio.sleep(self._chance.uniform(0.2, 1.8) * _PACE)
            self._write()
            if self._chance.random() < 0.3:
                await self._go_wrong(service)

    def _write(self) -> None:
        name = self._chance.choice(list(KEYS))
        key, says = self._chance.choice(KEYS[name]), f"Ada {next(self._numbers)}"
        self.tables[name].put(key, says, at(self.time.now() - BEGINNING))
        self.accounts.leads[key].writes(says)

    async def _go_wrong(self, service: Service) -> None:
        what = self._chance.randrange(5)
        if what == 0:
            mood = self._chance.choice([Unavailable("away"), RateLimited("often", 90.0), ValueError("a bug")])
            self.tables[self._chance.choice(list(KEYS))].moods.append(mood)
            self.faults += 1
        elif what == 1:
            await service.reload()
            self.faults += 1
        elif what == 2:  # an outage
            how = self._chance.choice([Trouble.NO_LINE, Trouble.BUSY])
            self._trouble([how] * self._chance.randrange(3, 12))
        else:
            self._trouble(self._chance.choices(list(Trouble), k=self._chance.randrange(1, 5)))

    def _trouble(self, troubles: list[Trouble]) -> None:
        self.endpoint.plan.extend(troubles)
        self.faults += sum(each is not Trouble.NONE for each in troubles)
