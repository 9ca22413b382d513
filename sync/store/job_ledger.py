"""The ledger as a backfill uses it: its own lane and progress, the source's lease for one page at a time."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from sync.states import Lane
from sync.store import jobs, runs
from sync.store.source_ledger import MappingText, SourceLedger
from sync.store.staging import Batch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection

    from sqlalchemy import Connection

    from sync.events import Counts
    from sync.ledger import Staging
    from sync.store.ledger import Scope
    from sync.store.store import Store

#: Between two attempts to have the source's lease, in seconds: a live poll goes first.
_WAIT = 0.1


class JobLedger(SourceLedger):
    """Reads and writes the ledger of one source for one backfill.

    Args:
        store: the state store.
        scope: whose leads these are.
        mapping: the mapping in force.
        job_id: the backfill.
        counts: what it has done so far; written with every page.

    """

    def __init__(self, store: Store, scope: Scope, mapping: MappingText, job_id: int, counts: Counts) -> None:
        super().__init__(store, scope, mapping)
        self._job_id = job_id
        self._counts = counts
        #: Why what it stages is held, if it is.
        self.hold: str | None = None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Hold the source's lease while one page is compared and staged; a live poll is waited for.

        Raises:
            StoreError: when the store can't be used.

        """
        while not await self._store.acquire(self._lease):  # noqa: ASYNC110 - held by another process
            await asyncio.sleep(_WAIT)
        try:
            yield
        finally:
            await self._store.release(self._lease)

    async def staged(self, keys: Collection[str]) -> Collection[str]:
        """Return those of these keys that this very job has staged before it was stopped."""
        return await self._store.read(
            lambda connection: jobs.staged(connection, self._scope, self._job_id, keys)
        )

    async def begin(self, kind: str) -> None:
        """Note that a backfill begins, or goes on."""
        now = self._store.clock()
        self._run_id = await self._store.write(
            lambda connection: runs.begin_run(connection, self._scope, kind, self._job_id, now)
        )

    async def end(self, error: str | None, *, all_read: bool) -> None:
        """Note the end of the reading."""
        now, run_id = self._store.clock(), self._run_id

        def write(connection: Connection) -> None:
            if run_id is not None:
                runs.finish_run(connection, run_id, self._counts, error, now)
            if all_read:
                jobs.all_read(connection, self._job_id)

        await self._store.write(write)

    def _batch(self, staged: Staging) -> Batch:
        return Batch(
            self._scope,
            staged.decisions,
            (self._mapping.hash, self._mapping.text),
            run_id=self._run_id,
            job_id=self._job_id,
            lane=Lane.BACKFILL,
            asked=True,
            hold=self.hold,
        )

    def _write_progress(self, connection: Connection, staged: Staging, now: float) -> None:  # noqa: ARG002
        """Move the backfill's own position; the live one is never touched."""
        jobs.move(connection, self._job_id, staged.position, self._counts)

    async def finish(self, *_: Any, **__: Any) -> str | None:
        """Hold nothing: what a person asked for in so many words is not asked about twice."""
        return None
