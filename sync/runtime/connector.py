"""A configuration brought to life: the state store is open, and everybody who listens is known."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.delivery import SystemTime
from sync.events import Events
from sync.runtime.making import FILES
from sync.store.errors import StoreError
from sync.store.mark import MarkFile, store_id
from sync.store.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sync.config import Config, EndpointConfig, SourceConfig
    from sync.delivery import Time
    from sync.store.store import Store


@dataclass(slots=True)
class Connector:
    """What the commands work with."""

    config: Config
    store: Store
    tell: Events
    time: Time = field(default_factory=SystemTime)
    mark: MarkFile = field(init=False)

    def __post_init__(self) -> None:
        """Say where the mark of how far sending has come is kept: beside the state, or beside the file."""
        file, store = self.config.state.file, store_id(self.store.digest_key)
        path = (
            self.config.directory / FILES / f"{store}.mark"
            if file is None
            else file.with_name(f"{file.name}.mark")
        )
        self.mark = MarkFile(path, store, self.time.now)

    def sources(self, names: Sequence[str] = ()) -> list[SourceConfig]:
        """Return the sources of these names, or all of them.

        Raises:
            KeyError: when there is none of a name.

        """
        return [self.config.sources[name] for name in names or self.config.sources]

    def endpoints_of(self, sources: Sequence[SourceConfig]) -> list[EndpointConfig]:
        """Return the endpoints that the leads of these sources go to, each once."""
        return [self.config.endpoints[name] for name in dict.fromkeys(each.endpoint for each in sources)]

    async def give_back(self, lease: str) -> None:
        """Give a lease back; where the store can't be used, that was met before: the lock dies with us."""
        with suppress(StoreError):
            await self.store.release(lease)


@contextmanager
def open_connector(
    config: Config, tell: Events | None = None, time: Time | None = None
) -> Iterator[Connector]:
    """Open the state store that a configuration names, and close it afterwards.

    Raises:
        StoreError: when it can't be used.

    """
    time = time or SystemTime()
    store = open_store(config.state.url.get_secret_value(), time.now)
    try:
        yield Connector(config, store, tell or Events(), time)
    finally:
        store.close()
