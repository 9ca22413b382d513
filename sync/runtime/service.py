"""`run`: sources are polled when their time has come, and endpoints are delivered to all the time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sync.delivery import Goal
from sync.events import PageStaged, RunFinished, Said
from sync.located_yaml import ConfigError
from sync.runtime.delivering import courier_of, deliver_by
from sync.runtime.hinting import Hints
from sync.runtime.polling import poll
from sync.runtime.preparing import compared, prepare
from sync.runtime.rests import Rests
from sync.runtime.stopping import Stop
from sync.schedule import Timetable
from sync.store import jobs
from sync.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from sync.config import Config, EndpointConfig, SourceConfig
    from sync.delivery import Courier
    from sync.events import Event
    from sync.runtime.connector import Connector
    from sync.runtime.polling import Polled

#: Before the state store is tried again after it could not be used, in seconds.
_STORE_PAUSE = 5.0
#: Between two rounds of keeping house, in seconds.
_HOUSE_SECONDS = 30.0
#: No source is left alone for longer because it asked for it, in seconds: it is asked again then.
_LONGEST_REST = 86_400.0
_FOR_EVER = Goal(None, lambda: True)


class Service:
    """Polls and delivers until it is stopped.

    Args:
        connector: what to work with.
        stop: ends it, with everything in the air settled.
        load: reads the configuration again, for `reload`.

    """

    def __init__(self, connector: Connector, stop: Stop, load: Callable[[], Config]) -> None:
        self._connector = connector
        self._stop = stop
        self._load = load
        self._timetable = Timetable(self._poll)
        self._ended = asyncio.Event()
        self._polls: set[asyncio.Task[None]] = set()
        self._delivering: dict[str, _Delivering] = {}
        self._not_before: dict[str, float] = {}
        #: Why a source was not polled, as it was said last: hints can come ten times a second.
        self._left_alone: dict[str, str] = {}
        #: One reading of the configuration after the other, and none beside the end.
        self._changing = asyncio.Lock()
        #: A source is polled by its schedule and on hints, and never by both at once.
        self._turns: dict[str, asyncio.Lock] = {}
        self._rests = Rests()
        self._hints = Hints(connector, self._poll, self._free_at)

    async def run(self) -> None:
        """Poll and deliver until a stop is asked for.

        Raises:
            ConfigError: when a source or an endpoint is not what it was, or the address for webhooks can't
                be had; nothing was read or sent.
            StoreError: when the store can't be used.

        """
        self._hints.make_ready(self._connector.config)
        try:
            await prepare(self._connector)
        except BaseException:
            await self._hints.end()
            raise
        self._connector.tell.observers.append(self)
        house_keeping = asyncio.create_task(self._keep_house())
        try:
            with self._stop.telling(self._ended.set):
                async with self._changing:
                    await self._follow(self._connector.config)
                self._timetable.start()
                await self._ended.wait()
        finally:
            house_keeping.cancel()
            self._timetable.stop()
            async with self._changing:
                await self._hints.end()
                await self._wind_up()
            self._connector.tell.observers.remove(self)

    async def reload(self) -> None:
        """Take over the configuration as the files say it now; a faulty one is refused and said."""
        async with self._changing:
            if not self._stop.asked:
                await self._reload()

    async def _reload(self) -> None:
        try:
            config = await asyncio.to_thread(self._load)
            changes = (await compared(self._connector, config)).changes
            if config.state != self._connector.config.state or changes.moves:
                other = config.state != self._connector.config.state
                what = "another `state`" if other else "what was renamed"
                self._refuse(f" {what} needs a restart")
                return
            self._hints.make_ready(config)
        except (ConfigError, StoreError) as error:
            self._refuse(f"\n{error}")
            return
        changed = [
            name for name in self._delivering if config.endpoints.get(name) != self._delivering[name].endpoint
        ]
        await asyncio.gather(*(self._delivering.pop(name).end() for name in changed))
        self._connector.config = config
        self._rests.forget()
        await self._note_identities()
        await self._follow(config)
        self._say("the configuration was read again")

    def __call__(self, event: Event) -> None:
        """Wake the courier when something may have been staged for it."""
        if isinstance(event, PageStaged | RunFinished):
            source = self._connector.config.sources.get(event.source)
            delivering = self._delivering.get(source.endpoint) if source else None
            if delivering is not None:
                delivering.wake()

    async def _follow(self, config: Config) -> None:
        for name, endpoint in config.endpoints.items():
            if name not in self._delivering:
                self._delivering[name] = _Delivering(self._connector, endpoint, self._say)
        self._timetable.follow(config.sources)
        await self._hints.follow(config)

    async def _poll(self, name: str) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._polls.add(task)
            task.add_done_callback(self._polls.discard)
        async with self._turns.setdefault(name, asyncio.Lock()):
            await self._poll_now(name)

    async def _poll_now(self, name: str) -> None:
        source = self._connector.config.sources.get(name)
        now = self._connector.time.now()
        if source is None or self._stop.asked or now < self._not_before.get(name, 0.0):
            return
        try:
            polled = await poll(self._connector, source, self._stop)
        except StoreError as error:
            self._say(str(error), name, warning=True)
            return
        if polled.left_alone and polled.left_alone != self._left_alone.get(name):
            self._say(polled.left_alone, name)
        self._left_alone[name] = polled.left_alone
        self._note_rest(source, polled)

    def _note_rest(self, source: SourceConfig, polled: Polled) -> None:
        """Note until when a source is left alone: by everybody if it asked for that, or by hints."""
        if polled.result is None:
            return
        now = self._connector.time.now()
        if polled.cause is None:
            self._rests.succeeded(source.name)
        else:
            self._rests.failed(source, now)
        if polled.result.retry_after:
            self._not_before[source.name] = now + min(polled.result.retry_after, _LONGEST_REST)

    def _free_at(self, name: str) -> float:
        return max(self._not_before.get(name, 0.0), self._rests.free_at(name))

    async def _note_identities(self) -> None:
        try:
            await prepare(self._connector)
        except StoreError as error:  # they are noted with the next start
            self._say(str(error), warning=True)

    async def _keep_house(self) -> None:
        """Note which backfills are over, and leave no erased payload in the log of an SQLite store."""
        store = self._connector.store
        while True:
            await asyncio.sleep(_HOUSE_SECONDS)
            try:
                await store.write(self._note_finished)
                await asyncio.to_thread(store.erase_log)
            except StoreError as error:
                self._say(str(error), warning=True)

    def _note_finished(self, connection: Connection) -> None:
        for name in self._connector.config.endpoints:
            jobs.finish_delivered(connection, name, self._connector.store.clock())

    async def _wind_up(self) -> None:
        """Let polls end with the page at hand, then settle what is in the air."""
        if self._polls:
            await asyncio.wait(self._polls)
        await asyncio.gather(*(each.end() for each in self._delivering.values()))

    def _refuse(self, why: str) -> None:
        self._say(f"the new configuration is refused, the old one is kept:{why}", warning=True)

    def _say(self, text: str, source: str | None = None, *, warning: bool = False) -> None:
        self._connector.tell(Said(text, source, warning=warning))


class _Delivering:
    """One endpoint, delivered to until `end`."""

    def __init__(self, connector: Connector, endpoint: EndpointConfig, say: Callable[..., None]) -> None:
        self.endpoint = endpoint
        self._connector = connector
        self._say = say
        self._stop = Stop()
        self._courier: Courier | None = None
        self._task = asyncio.create_task(self._run())

    def wake(self) -> None:
        """Look into the outbox at once."""
        if self._courier is not None:
            self._courier.wake()

    async def end(self) -> None:
        """Send nothing more, and return when everything in the air is settled."""
        self._stop.ask()
        await self._task

    async def _run(self) -> None:
        bell = asyncio.Event()
        async with courier_of(self._connector, self.endpoint) as self._courier:
            with self._stop.telling(bell.set):
                while not self._stop.asked:
                    try:
                        await deliver_by(self._connector, self._courier, self._stop, _FOR_EVER)
                    except StoreError as error:
                        self._say(str(error), warning=True)
                        await self._connector.time.wait(bell, _STORE_PAUSE)
