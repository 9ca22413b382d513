"""One source that misbehaves, read by the real engine into a real store, with every lead counted."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from sync.events import PageStaged
from sync.store.store import open_store
from tests.engine_world import Clock, World

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path
    from random import Random

    from sync.engine import Plan, RunResult
    from sync.store.store import Store
    from tests.torture.experiment import Tally

MAPPING = "lead: { firstName: name, phoneNumber: phone }"
PHONE = "212-555-0142"
#: Seconds in which any run ends, or else it would go on for ever.
PATIENCE = 60.0


class _Told(list[Any]):
    """Events; something may be done each time a page was staged."""

    on_page: Callable[[], object] | None = None

    def append(self, event: Any) -> None:
        super().append(event)
        if isinstance(event, PageStaged) and self.on_page is not None:
            self.on_page()


@dataclass
class PagedWorld(World):
    """A world whose pages are small."""

    page_size: int = 500

    def plan(self) -> Plan:
        return replace(super().plan(), page_size=self.page_size)


@dataclass
class Scene:
    """Where one source misbehaves."""

    directory: Path
    random: Random
    tally: Tally
    #: Bytes of the largest cell that is tried.
    largest: int
    worlds: list[PagedWorld] = field(default_factory=list)
    stores: list[Store] = field(default_factory=list)

    def world(self, source: Any, lookback: timedelta = timedelta(minutes=10), **more: Any) -> PagedWorld:
        """Return a world of its own for a source."""
        store = open_store(f"sqlite:///{self.directory}/state-{len(self.stores)}.db", Clock())
        self.stores.append(store)
        made = PagedWorld(store, source, lookback=lookback, events=_Told(), **more)
        made.edit(MAPPING)
        self.worlds.append(made)
        return made

    async def poll(self, world: World, fails: str | None = None) -> RunResult:
        """Poll to an end, and hold whether and how it fails; then deliver."""
        async with asyncio.timeout(PATIENCE):
            result = await world.sync()
        if fails is None:
            assert result.error is None, f"a poll failed that should not: {result.error}"
        else:
            assert result.error is not None, "a poll went well that should have failed"
            assert fails in result.error, f"the error does not say {fails!r}: {result.error}"
            self.tally.faults += 1
        await world.deliver()
        return result

    def fault(self, number: int = 1) -> None:
        """Count faults."""
        self.tally.faults += number

    def expect(self, world: World, wanted: dict[str, str], *, times: int = 1) -> None:
        """Hold that the endpoint has these leads as they are, each once for each of its versions."""
        newest = dict(world.sent)
        sent = Counter(world.sent)
        self.tally.leads += len(wanted)
        lost = [key for key, name in wanted.items() if newest.get(key) != name]
        self.tally.lost += len(lost)
        self.tally.repeated += sum(max(0, number - times) for number in sent.values())
        assert not lost, f"lost: {lost[:5]} of {len(wanted)}, sent: {len(world.sent)}"
        assert set(newest) <= set(wanted), f"sent, though it should not be: {set(newest) - set(wanted)}"
        assert all(number <= times for number in sent.values()), "something was sent twice"

    def close(self) -> None:
        """Give everything back."""
        for store in self.stores:
            store.close()


@contextmanager
def on_every_page(world: World, act: Callable[[], object]) -> Iterator[None]:
    """Do something each time a page was staged."""
    told = world.events
    assert isinstance(told, _Told)
    told.on_page = act
    try:
        yield
    finally:
        told.on_page = None


#: What one kind of misbehaviour does.
Case: TypeAlias = "Callable[[Scene], Awaitable[None]]"
