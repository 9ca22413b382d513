"""One source, polled once: under its lease, with its adapter made and given back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sources._http.kept_access import doubt
from sources.errors import BadConfig, Denied
from sync.engine import Plan, Run, RunResult
from sync.mapping import UnknownLanguage, mapping_from_text
from sync.runtime.columns import column_check
from sync.runtime.making import lookback_of, using
from sync.runtime.restoring import held_once, held_since_restored
from sync.store.errors import StoreError
from sync.store.leases import holder
from sync.store.ledger import Scope
from sync.store.pauses import is_paused
from sync.store.source_ledger import MappingText, SourceLedger

if TYPE_CHECKING:
    from sources.base import Source
    from sync.compare import Evaluates
    from sync.config import SourceConfig
    from sync.mapping import Mapping
    from sync.runtime.connector import Connector
    from sync.runtime.stopping import Stop

#: How long a poll that is asked to end may go on with the page it is reading, in seconds.
GRACE_SECONDS = 5.0


@dataclass(slots=True)
class Polled:
    """How polling one source went."""

    source: str
    result: RunResult | None = None
    #: Why it was not polled at all: another process polls it, or a person paused it.
    left_alone: str = ""
    #: Whether a signal ended it before the source was read to its end.
    interrupted: bool = False
    cause: Exception | None = field(default=None, repr=False)


async def poll(connector: Connector, source: SourceConfig, stop: Stop) -> Polled:
    """Poll a source once and stage what is new.

    Raises:
        StoreError: when the store can't be used.

    """
    store, lease = connector.store, f"source:{source.name}"
    if await store.read(lambda connection: is_paused(connection, lease)):
        return Polled(source.name, left_alone=f"paused; leadrelay resume {source.name} starts it again")
    if not await store.acquire(lease):
        by = await store.read(lambda connection: holder(connection, lease))
        return Polled(source.name, left_alone=f"being polled by {by or 'another process'}")
    try:
        polled = await _polled(connector, source, stop)
    finally:
        await connector.give_back(lease)
    if isinstance(polled.cause, Denied):
        doubt(source.name)
    return polled


async def _polled(connector: Connector, source: SourceConfig, stop: Stop) -> Polled:
    hold = await held_since_restored(connector, source.name)
    try:
        async with using(connector.config, source) as adapter:
            plan = replace(plan_of(source, adapter), hold=hold)
            run = Run(plan, ledger_of(connector, source), connector.tell)
            with stop.telling(run.stop):
                polled = await _to_its_end(source.name, run, stop)
    except BadConfig as error:
        return _failed(source, error, str(error))
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 - a bug in one adapter harms no other source
        # Its text may hold a value of somebody's record.
        return _failed(source, error, f"the adapter {source.type} failed ({type(error).__name__})")
    if hold and not polled.interrupted and not polled.cause:
        await held_once(connector, source.name)
    return polled


async def _to_its_end(name: str, run: Run, stop: Stop) -> Polled:
    """Run, and once a stop is asked for, wait for the page at hand only."""
    task = asyncio.create_task(run.run())
    asked = asyncio.Event()
    waiting = asyncio.create_task(asked.wait())
    try:
        with stop.telling(asked.set):
            await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                await asyncio.wait({task}, timeout=GRACE_SECONDS)
    finally:
        waiting.cancel()
        interrupted = not task.done()
        task.cancel()
        await asyncio.wait({task})
    if interrupted:
        return Polled(name, interrupted=True)
    return Polled(name, task.result(), interrupted=stop.asked, cause=task.result().cause)


def _failed(source: SourceConfig, error: Exception, said: str) -> Polled:
    result = RunResult(source.name, "sync", error=said, cause=error)
    return Polled(source.name, result, cause=error)


def plan_of(source: SourceConfig, adapter: Source) -> Plan:
    """Return what a poll of this source is told."""
    return Plan(
        source.name,
        adapter,
        source.mapping,
        source.options.first_sync,
        lookback=lookback_of(source, adapter) or timedelta(0),
        max_sends=source.options.max_sends,
        created_after=source.options.created_after,
        reads=source.mapping.reads,
        before_records=column_check(source.mapping, adapter),
    )


def ledger_of(connector: Connector, source: SourceConfig, scope: Scope | None = None) -> SourceLedger:
    """Return the ledger of a source; a scope says where it stands while it is not renamed yet."""
    scope = scope or Scope(source.endpoint, source.name)
    return SourceLedger(connector.store, scope, text_of(source.mapping))


def text_of(mapping: Mapping) -> MappingText:
    """Return a mapping as the store keeps it, with what reads kept ones back."""
    return MappingText(mapping.hash, mapping.text, _read)


def _read(text: str) -> Evaluates | None:
    try:
        return mapping_from_text(text)
    except UnknownLanguage:
        return None
