"""A ledger that knows what the real one knows, writes nothing, and notes what would be sent."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from sync.compare import Kind
from sync.states import State
from sync.store import tables
from sync.store.field_changes import FieldChanges, kept_fields
from sync.store.release import too_many

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Sequence

    from sources.base import Record
    from sources.units import Rate
    from sync.compare import Decision, Evaluates, Known
    from sync.config import SourceConfig
    from sync.events import Counts
    from sync.lead import Lead
    from sync.ledger import Progress, Staging
    from sync.runtime.judging import Judge
    from sync.store.field_changes import Change
    from sync.store.source_ledger import SourceLedger
    from sync.store.store import Store

#: So many of the leads that would go are kept to be shown.
MOST_NOTED = 1000
#: So many invalid records are counted once though they are met twice: more would take the memory.
_MOST_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Planned:
    """A lead that would be sent, or a record that would be set aside."""

    key: str
    #: ``new``, ``changed``, ``reverted`` or ``invalid``.
    what: str
    #: The properties that differ from what was last accepted of it; of a new one, all it has.
    changes: tuple[Change, ...] = ()
    lead: Lead | None = None
    reason: str | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the properties that differ."""
        return tuple(each.field for each in self.changes)


_WHAT = {Kind.SET_ASIDE: "invalid", Kind.REVERT: "reverted"}


class DryLedger:
    """Answers from the real ledger; keeps to itself what it is told to write."""

    def __init__(
        self, store: Store, real: SourceLedger, source: SourceConfig, judge: Judge | None = None
    ) -> None:
        self._store = store
        self._real = real
        self._judge = judge
        self._mapping = source.mapping.hash
        self._changes = FieldChanges(source.mapping, store.digest_key)
        self.noted: list[Planned] = []
        #: Records whose lead would differ only because the mapping was edited: such are never sent.
        self.edited_only = 0
        self._asked = False
        #: Keys of the invalid records that are being mapped again, and what came of those before.
        self._invalid: set[str] = set()
        self._mapped_again: dict[str, Known] = {}

    async def progress(self) -> Progress | None:
        """Return how far the source has been read."""
        return await self._real.progress()

    async def begin(self, kind: str) -> None:
        """Note nothing."""

    async def known(self, keys: Collection[str]) -> dict[str, Known]:
        """Return what is known of these keys, with what was made of invalid records a moment ago."""
        known = await self._real.known(keys)
        return {key: self._mapped_again.get(key) or each for key, each in known.items()}

    async def staged(self, keys: Collection[str]) -> Collection[str]:  # noqa: ARG002
        """Return nothing: nothing was ever staged for a job that does not exist."""
        return ()

    async def content_is_known(self, digests: Collection[bytes]) -> bool:
        """Tell whether any of these contents stands under some key already."""
        return await self._real.content_is_known(digests)

    async def older_mappings(self) -> Callable[[str], Evaluates | None]:
        """Return what finds a mapping that once made leads by its hash."""
        return await self._real.older_mappings()

    async def also_read(self) -> frozenset[str] | None:
        """Return the fields that older mappings read by which leads of the source stand; None: all."""
        return await self._real.also_read()

    async def differing(self, decisions: Sequence[Decision], mapping: Evaluates) -> Collection[str]:
        """Return the keys of those whose lead says something else than the endpoint was given last."""
        return await self._real.differing(decisions, mapping)

    async def invalid_records(self) -> AsyncIterator[Sequence[Record]]:
        """Yield raw records that an older mapping refused, in batches."""
        async for records in self._real.invalid_records():
            self._invalid = {record.key for record in records}
            yield records
        self._invalid = set()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Keep nobody out: nothing is staged."""
        yield

    async def stage(self, staging: Staging) -> None:
        """Note what would be staged, with the properties that differ."""
        self._asked = staging.asked
        self._remember(staging.decisions)
        self.edited_only += sum(each.kind is Kind.REBASE for each in staging.decisions)
        going = [each for each in staging.decisions if each.kind in (Kind.SEND, Kind.SET_ASIDE, Kind.REVERT)]
        going = going[: max(0, MOST_NOTED - len(self.noted))]
        before = await self._fields_before(going)
        self._forget_what_is_met_again(going)
        self.noted += [self._planned(each, before) for each in going]
        if self._judge is not None:
            await self._judge.look(staging.decisions)

    def _forget_what_is_met_again(self, decisions: Sequence[Decision]) -> None:
        """Take what was noted of invalid records out, where they were read anew: that is the newer word."""
        again = (
            set() if self._invalid else {each.record.key for each in decisions} & self._mapped_again.keys()
        )
        if again:
            self.noted = [each for each in self.noted if each.key not in again]

    def _remember(self, decisions: Sequence[Decision]) -> None:
        """Keep what was made of invalid records: they may be met once more when the source is read."""
        for decision in decisions:
            key, known = decision.record.key, decision.known
            if known is None or key not in self._invalid or len(self._mapped_again) >= _MOST_REMEMBERED:
                continue
            self._mapped_again[key] = replace(
                known,
                state=State.PENDING if decision.kind is Kind.SEND else known.state,
                fingerprint=decision.fingerprint,
                record_digest=decision.digest,
                mapping=self._mapping,
            )

    async def finish(
        self,
        counts: Counts,
        error: str | None,  # noqa: ARG002 - as the protocol has it
        max_sends: Rate | None,
        *,
        let_go: bool = True,  # noqa: ARG002 - as the protocol has it
        hold: str | None = None,  # noqa: ARG002 - as the protocol has it
    ) -> str | None:
        """Return why all of it would be held."""
        if max_sends is None or self._asked or counts.staged <= max_sends.count:
            return None
        return too_many(counts.staged, 0, max_sends)

    async def end(self, error: str | None, *, all_read: bool) -> None:
        """Note nothing."""

    async def _fields_before(self, decisions: Sequence[Decision]) -> dict[int, str]:
        """Return the digests of what each lead is compared with, by lead."""
        versions = await self._newest([each.known.id for each in decisions if each.known])
        for each in decisions:
            # What is reverted is what was accepted: there it says what is taken back.
            if each.known and each.known.accepted_id and each.kind is not Kind.REVERT:
                versions[each.known.id] = each.known.accepted_id
        if not versions:
            return {}
        kept = await self._store.read(lambda connection: kept_fields(connection, versions.values()))
        return {lead: kept[version] for lead, version in versions.items() if version in kept}

    async def _newest(self, leads: Sequence[int]) -> dict[int, int]:
        if not leads:
            return {}
        lead = tables.lead
        query = select(lead.c.id, lead.c.version_id).where(
            lead.c.id.in_(leads), lead.c.version_id.is_not(None)
        )
        rows = await self._store.read(lambda connection: connection.execute(query).all())
        return {row.id: row.version_id for row in rows}

    def _planned(self, decision: Decision, before: dict[int, str]) -> Planned:
        known = decision.known
        what = _WHAT.get(decision.kind, "changed" if known and known.fingerprint else "new")
        changes: list[Change] = []
        if decision.lead is not None:
            changes = self._changes.all(decision.lead, before.get(known.id) if known else None)
        return Planned(decision.record.key, what, tuple(changes), decision.lead, decision.reason)
