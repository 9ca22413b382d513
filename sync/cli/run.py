"""``leadrelay run``: the scheduler, and delivery, until stopped."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import typer

from sync.cli.frame.session import Session

if TYPE_CHECKING:
    from sync.runtime.connector import Connector
    from sync.runtime.stopping import Stop

EXAMPLES = (
    "leadrelay run                        # until Ctrl-C or SIGTERM",
    "leadrelay run -c /etc/leadrelay/connector.yaml",
    "kill -HUP PID                        # let it read its configuration again",
)


def run(context: typer.Context) -> None:
    """Poll every source when its schedule says, and deliver all the time, until stopped.

    SIGTERM and Ctrl-C settle what is in the air first. SIGHUP reads the configuration again; a faulty one
    is refused and the old one kept. A source without a schedule is not polled.

    A source that tells of changes is polled at once as well: spreadsheets that are saved, PostgreSQL with
    `notify`, and whoever calls the webhook of a source with a `hook`.
    """
    from sync.cli.frame.running import run_work

    session = Session.of(context)
    config = session.config()
    scheduled = [source for source in config.sources.values() if source.options.schedule]
    session.note(
        f"{len(scheduled)} of {len(config.sources)} sources have a schedule; "
        "delivering until stopped (Ctrl-C settles what is in the air first)"
    )
    ended = run_work(session, config, lambda connector, stop: _serve(session, connector, stop), log=True)
    session.answer({"stopped_by": ended.signal}, lambda printer: printer.line("stopped"))
    if ended.code:
        raise typer.Exit(ended.code)


async def _serve(session: Session, connector: Connector, stop: Stop) -> None:
    from sync.config import load_config
    from sync.runtime.service import Service

    service = Service(connector, stop, lambda: load_config(session.chosen.config))
    loop = asyncio.get_running_loop()
    reloading: set[asyncio.Task[None]] = set()

    def reload() -> None:
        task = loop.create_task(service.reload())
        reloading.add(task)
        task.add_done_callback(reloading.discard)

    loop.add_signal_handler(signal.SIGHUP, reload)
    try:
        await service.run()
    finally:
        loop.remove_signal_handler(signal.SIGHUP)
