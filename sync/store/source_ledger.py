"""The ledger of one source on the state store: what `sync.engine` runs against."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from sync.screening import SYNTHETIC
from sync.states import Lane
from sync.store import ledger, release, runs, staging, tables
from sync.store.beginnings import note_beginning
from sync.store.field_changes import FieldChanges, differing
from sync.store.older_mappings import older_hashes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Sequence

    from sqlalchemy import Connection

    from sources.base import Record
    from sources.units import Rate
    from sync.compare import Decision, Evaluates, Known
    from sync.events import Counts
    from sync.ledger import Progress, Staging
    from sync.store.ledger import Scope
    from sync.store.store import Store

#: Invalid records mapped again in one go.
_SOME = 500


@dataclass(frozen=True, slots=True)
class MappingText:
    """The mapping in force, and how one that was kept as text is read back."""

    hash: str
    text: str
    #: Returns None for a text this program can't read.
    read: Callable[[str], Evaluates | None]


class SourceLedger:
    """Reads and writes the ledger of one source. The caller holds the source's lease."""

    def __init__(self, store: Store, scope: Scope, mapping: MappingText) -> None:
        self._store = store
        self._scope = scope
        self._mapping = mapping
        self._lease = f"source:{scope.source}"
        self._run_id: int | None = None
        self._asked = False
        self._older: Callable[[str], Evaluates | None] | None = None
        #: Leads that stand for items that could not be read, by the source's own key.
        self._unread: dict[str, int] = {}

    async def progress(self) -> Progress | None:
        """Return how far the source has been read; None when it never was."""
        return await self._store.read(lambda connection: runs.progress(connection, self._scope))

    async def begin(self, kind: str) -> None:
        """Note that a run begins."""
        now = self._store.clock()
        self._run_id = await self._store.write(
            lambda connection: runs.begin_run(connection, self._scope, kind, None, now), self._lease
        )
        self._unread = await self._store.read(lambda connection: runs.unread(connection, self._scope))

    async def known(self, keys: Collection[str]) -> dict[str, Known]:
        """Return what is known of these keys."""
        if not keys:
            return {}
        return await self._store.read(lambda connection: ledger.known(connection, self._scope, keys))

    async def content_is_known(self, digests: Collection[bytes]) -> bool:
        """Tell whether any of these contents stands under some key already."""
        return await self._store.read(
            lambda connection: ledger.content_is_known(connection, self._scope, digests)
        )

    async def stage(self, staged: Staging) -> None:
        """Write a page's decisions and the position after it, in one transaction."""
        now = self._store.clock()
        self._asked = staged.asked

        mended = [self._unread[d.record.key] for d in staged.decisions if d.record.key in self._unread]

        def write(connection: Connection) -> None:
            staging.supersede(connection, mended, now)
            staging.stage(connection, self._batch(staged), self._store.digest_key, now)
            self._write_progress(connection, staged, now)
            if staged.set_aside is not None:
                runs.clear_gone(connection, self._scope, SYNTHETIC, staged.set_aside, now)

        await self._store.write(write, self._lease)

    async def older_mappings(self) -> Callable[[str], Evaluates | None]:
        """Return what finds a mapping that once made leads by its hash; all are read now, once."""
        if self._older is None:
            self._older = await self._find_older()
        return self._older

    async def _find_older(self) -> Callable[[str], Evaluates | None]:
        table = tables.mapping_version
        rows = await self._store.read(
            lambda connection: connection.execute(select(table.c.hash, table.c.text)).all()
        )
        texts = {row.hash: row.text for row in rows}
        compiled: dict[str, Evaluates | None] = {}

        def find(hash_: str) -> Evaluates | None:
            if hash_ not in compiled:
                text = texts.get(hash_)
                compiled[hash_] = self._mapping.read(text) if text else None
            return compiled[hash_]

        return find

    async def also_read(self) -> frozenset[str] | None:
        """Return the fields that older mappings read by which leads of the source stand; None: all.

        A mapping that this program can't read any more compares nothing, and so needs nothing.
        """
        hashes = await self._store.read(
            lambda connection: older_hashes(connection, self._scope, self._mapping.hash)
        )
        if not hashes:
            return frozenset()
        find = await self.older_mappings()
        read = [mapping.reads for mapping in map(find, hashes) if mapping is not None]
        return None if None in read else frozenset().union(*(names for names in read if names))

    async def differing(self, decisions: Sequence[Decision], mapping: Evaluates) -> Collection[str]:
        """Return the keys of those whose lead says something else than the endpoint was given last."""
        changes = FieldChanges(mapping, self._store.digest_key)
        return await self._store.read(lambda connection: differing(connection, decisions, changes))

    async def invalid_records(self) -> AsyncIterator[Sequence[Record]]:
        """Yield raw records that an older mapping refused, in batches."""
        after = 0
        while True:
            found = await self._store.read(self._invalid_after(after))
            if not found:
                return
            after = found[-1][0]
            yield [record for _, record in found]

    def _invalid_after(self, after: int) -> Callable[[Connection], list[tuple[int, Record]]]:
        return lambda connection: runs.invalid_records(
            connection, self._scope, self._mapping.hash, after, _SOME
        )

    async def finish(
        self,
        counts: Counts,
        error: str | None,
        max_sends: Rate | None,
        *,
        let_go: bool = True,
        hold: str | None = None,
    ) -> str | None:
        """Note the end of the run and release what it staged; returns why it is held instead."""
        now, run_id = self._store.clock(), self._run_id

        def write(connection: Connection) -> str | None:
            held = release.release(connection, self._scope, max_sends, now) if let_go else None
            written = replace(counts)
            if held and not self._asked:
                written.hold()
            if run_id is not None:
                runs.finish_run(connection, run_id, written, error, now, hold)
            return held

        return await self._store.write(write, self._lease)

    def _batch(self, staged: Staging) -> staging.Batch:
        return staging.Batch(
            self._scope,
            staged.decisions,
            (self._mapping.hash, self._mapping.text),
            run_id=self._run_id,
            lane=Lane.LIVE,
            released=staged.released,
            asked=staged.asked,
            hold=staged.hold,
        )

    def _write_progress(self, connection: Connection, staged: Staging, now: float) -> None:
        columns: dict[str, Any] = {"first_sync": staged.first_sync}
        if staged.first_sync is not None and not staged.decisions:
            note_beginning(connection, self._scope, staged.first_sync)
        if staged.position is not None:
            columns["position"] = staged.position.to_json()
        if staged.places is not None:
            columns["places"] = staged.places
        runs.upsert_position(connection, self._scope, now, **columns)
