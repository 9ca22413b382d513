"""Work that reads and delivers: with the store open, signals heeded, and progress shown."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import typer

from sources.errors import BadConfig
from sync.cli.frame.printing import console_on
from sync.cli.progress import Progress
from sync.events import Events, Said
from sync.located_yaml import ConfigError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from sync.cli.frame.session import Session
    from sync.config import Config
    from sync.runtime.connector import Connector
    from sync.runtime.stopping import Stop

T = TypeVar("T")
_SIGNALLED = 128


@dataclass(frozen=True, slots=True)
class Ended(Generic[T]):
    """What work came to, and whether a signal ended it."""

    result: T
    #: The number of the signal, None when it ended by itself.
    signal: int | None

    @property
    def code(self) -> int | None:
        """What the command ends with because of the signal: 130 or 143."""
        return None if self.signal is None else _SIGNALLED + self.signal


def run_work(
    session: Session,
    config: Config,
    work: Callable[[Connector, Stop], Awaitable[T]],
    *,
    log: bool = False,
) -> Ended[T]:
    """Open the store and do the work; the first Ctrl-C or SIGTERM ends it orderly, the second at once.

    Args:
        session: whose options say what is shown.
        config: the configuration.
        work: what to do.
        log: whether it has no end of its own, so that lines with their time are shown.

    Raises:
        StoreError: when the state store can't be used.

    """
    from sync.runtime.connector import open_connector
    from sync.runtime.stopping import Stop

    gc.freeze()  # what was imported stays, so it is never looked through for garbage
    stop = Stop()
    console = None if session.chosen.quiet else console_on(sys.stderr)
    with Progress(console, log=log) as progress, open_connector(config, Events([progress])) as connector:
        try:
            with asyncio.Runner(loop_factory=_loop_factory()) as runner:
                result = runner.run(_heeding(stop, work, connector))
        except asyncio.CancelledError:
            raise typer.Exit(_SIGNALLED + (stop.number or signal.SIGINT)) from None
    return Ended(result, stop.number)


async def _heeding(stop: Stop, work: Callable[[Connector, Stop], Awaitable[T]], connector: Connector) -> T:
    from sync.runtime.stopping import stop_on_signals

    with stop_on_signals(stop, lambda: connector.tell(Said("stopping: what is in the air is settled first"))):
        return await work(connector, stop)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return uvloop's, where it is installed: it takes a fifth off what a request costs."""
    with contextlib.suppress(ImportError):
        import uvloop

        factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
        return factory
    return None


@contextmanager
def no_new_store(config: Config) -> Iterator[Config]:
    """Yield a configuration for work that writes nothing: a state file that is not there stays so."""
    file = config.state.file
    if file is None or file.exists():
        yield config
        return
    from pydantic import SecretStr

    with tempfile.TemporaryDirectory(prefix="leadrelay-") as directory:
        made = Path(directory) / "empty.db"
        yield replace(config, state=replace(config.state, url=SecretStr(f"sqlite:///{made}"), file=made))


@contextmanager
def placed(config: Config, source: str) -> Iterator[None]:
    """Let what an adapter finds wrong with its settings be said with the place of the setting.

    Raises:
        ConfigError: instead of BadConfig.

    """
    try:
        yield
    except BadConfig as error:
        raise ConfigError([config.source_problem(source, error)]) from error
