"""Webhooks while `run` runs: the server comes and goes with the configuration."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sync.events import Said
from sync.located_yaml import ConfigError, ConfigProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.config import Config
    from sync.hooks import Hook
    from sync.hooks.server import HookServer
    from sync.runtime.connector import Connector


class HookDesk:
    """Answers webhooks for the sources that have a `hook`.

    Args:
        connector: with the time, and with who is told.
        ring: called with the name of a source, for each genuine call.

    """

    def __init__(self, connector: Connector, ring: Callable[[str], None]) -> None:
        self._connector = connector
        self._called = ring
        self._address: tuple[str, int] | None = None
        self._server: HookServer | None = None
        #: A server whose address is taken, and that answers nobody yet.
        self._next: tuple[tuple[str, int], HookServer] | None = None
        self._refused: set[str] = set()

    def make_ready(self, config: Config, hooks: Mapping[str, Hook]) -> None:
        """Take the address that is wanted, unless we have it.

        Raises:
            ConfigError: when it can't be had.

        """
        wanted = config.hooks.listen
        if not hooks or wanted == self._address or self._next is not None:
            return
        from sync.hooks.app import HookApp
        from sync.hooks.server import HookServer  # a web server costs start-up time

        app = HookApp(self._ring, self._refuse, self._connector.time.now)
        try:
            self._next = wanted, HookServer(app, wanted)
        except OSError as error:
            raise ConfigError([_taken(config, wanted, error)]) from error

    async def follow(self, config: Config, hooks: Mapping[str, Hook]) -> None:
        """Answer for these hooks from now on."""
        if self._next is not None or not hooks:
            await self._stop()
        if self._next is not None:
            (self._address, self._server), self._next = self._next, None
            self._server.app.take(hooks, config.hooks.url or "")
            await self._server.start()
            listed = ", ".join(f"{self._server.url}/hooks/{name}" for name in hooks)
            self._connector.tell(Said(f"webhooks are taken at {listed}"))
        elif self._server is not None:
            self._server.app.take(hooks, config.hooks.url or "")
        self._refused.clear()

    async def end(self) -> None:
        """Answer nobody any more."""
        if self._next is not None:
            await self._next[1].stop()
            self._next = None
        await self._stop()

    async def _stop(self) -> None:
        if self._server is not None:
            await self._server.stop()
        self._server = self._address = None

    def _ring(self, name: str) -> None:
        self._refused.discard(name)
        self._called(name)

    def _refuse(self, name: str) -> None:
        """Say it once until a genuine call comes: strangers may call all day."""
        if name not in self._refused:
            self._refused.add(name)
            text = (
                "a call at its webhook was refused: its signature or password is not that of `hook`, or it "
                "is older than five minutes"
            )
            self._connector.tell(Said(text, name, warning=True))


def _taken(config: Config, address: tuple[str, int], error: OSError) -> ConfigProblem:
    # Python's text repeats the address; a name that can't be looked up has no text but its own.
    number = error.errno or 0
    why = os.strerror(number) if number > 0 else error.strerror
    host, port = address
    text = f"webhooks can't be taken at {host} port {port}: {why}; choose another with `listen`"
    return ConfigProblem("hooks.listen", text, config.mark("hooks", "listen"))
