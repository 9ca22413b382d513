"""What `run` is told between two scheduled polls: by adapters that listen, and by webhooks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sources.units import Rate
from sync.events import Said
from sync.runtime.bell import Bell, Pace
from sync.runtime.hook_desk import HookDesk
from sync.runtime.listening import Listener

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from sync.config import Config, SourceConfig
    from sync.hooks import Hook
    from sync.runtime.connector import Connector

#: Seconds between two polls on hints: of a file or a database, and of an API that has called us.
_GAP_SECONDS = 0.1
_GAP_OF_AN_API_SECONDS = 1.0
#: Polls of an API that may follow calls at once, and the seconds in which one more may be had: calls that
#: never stop, or that somebody repeats, must not use up what the API grants for a day.
_BURST, _REFILL_SECONDS = 30, 60.0


class Hints:
    """Has sources polled as soon as they tell that something has changed.

    Only sources with a schedule are listened to: a hint can get lost, and polling makes up for it.

    Args:
        connector: what to work with.
        poll: polls a source by its name, to its end.
        free_at: tells from when on a source may be polled, in seconds since 1970.

    """

    def __init__(
        self, connector: Connector, poll: Callable[[str], Awaitable[None]], free_at: Callable[[str], float]
    ) -> None:
        self._connector = connector
        self._poll = poll
        self._free_at = free_at
        self._told: dict[str, _Told] = {}
        self._desk = HookDesk(connector, self._ring)

    def make_ready(self, config: Config) -> None:
        """Take the address at which webhooks are to be answered, if any are.

        Raises:
            ConfigError: when it can't be had; what was there before goes on.

        """
        self._desk.make_ready(config, _hooks(config))

    async def follow(self, config: Config) -> None:
        """Listen to these sources from now on, and to no others. Call `make_ready` before."""
        wanted = {name: source for name, source in config.sources.items() if source.options.schedule}
        gone = [name for name, told in self._told.items() if told.terms != _terms(wanted.get(name))]
        await asyncio.gather(*(self._told.pop(name).end() for name in gone))
        for name, source in wanted.items():
            if name not in self._told:
                self._told[name] = self._begin(source)
        await self._desk.follow(config, _hooks(config))

    async def end(self) -> None:
        """Listen to nobody any more. A poll that was begun goes on to its end."""
        await self._desk.end()
        await asyncio.gather(*(told.end() for told in self._told.values()))
        self._told.clear()

    def _ring(self, name: str) -> None:
        if name in self._told:
            self._told[name].bell.ring()

    def _begin(self, source: SourceConfig) -> _Told:
        name = source.name

        async def poll() -> None:
            # A task of its own: whoever stops listening does not break a poll off.
            await asyncio.shield(asyncio.create_task(self._through(name)))

        bell = Bell(poll, lambda: self._free_at(name), pace_of(source), self._connector.time)
        listener = Listener(self._connector, source, bell.ring)
        tasks = [asyncio.create_task(bell.serve()), asyncio.create_task(listener.listen())]
        return _Told(_terms(source), bell, tasks)

    async def _through(self, name: str) -> None:
        try:
            await self._poll(name)
        except Exception as error:  # noqa: BLE001 - a bug met by one poll must not end the listening
            text = f"a poll on a hint failed ({type(error).__name__})"
            self._connector.tell(Said(text, name, warning=True))


def pace_of(source: SourceConfig) -> Pace:
    """Return how often hints may have a source polled: one poll takes one request at least."""
    hook = source.options.hook
    rate = getattr(source.settings, "rate_limit", None)
    gap = _GAP_SECONDS if hook is None else _GAP_OF_AN_API_SECONDS
    if isinstance(rate, Rate):
        gap = max(gap, 1 / rate.per_second)
    again = hook.again.total_seconds() if hook and hook.again else None
    return Pace(gap, again, _BURST if hook else None, _REFILL_SECONDS)


@dataclass(frozen=True, slots=True)
class _Told:
    """One source that is listened to."""

    terms: object
    bell: Bell
    tasks: list[asyncio.Task[None]]

    async def end(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.wait(self.tasks)


def _terms(source: SourceConfig | None) -> Any:
    """Return what decides how a source is listened to; None for one that is not."""
    if source is None:
        return None
    return source.type, source.settings, str(source.options.timezone), source.options.hook


def _hooks(config: Config) -> Mapping[str, Hook]:
    sources = config.sources.values()
    return {
        source.name: source.options.hook
        for source in sources
        if source.options.hook is not None and source.options.schedule
    }
