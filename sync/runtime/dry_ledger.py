"""A ledger that knows what the real one knows, writes nothing, and notes what would be sent."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from sync.compare import Kind
from sync.store import tables
from sync.store.digests import changed_fields
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
    from sync.store.source_ledger import SourceLedger
    from sync.store.store import Store

#: So many of the leads that would go are kept to be shown.
MOST_NOTED = 1000


@dataclass(frozen=True, slots=True)
class Planned:
    """A lead that would be sent, or a record that would be set aside."""

    key: str
    #: ``new``, ``changed``, ``reverted`` or ``invalid``.
    what: str
    #: The properties that differ from what was last known of it; of a new one, all it has.
    fields: tuple[str, ...] = ()
    lead: Lead | None = None
    reason: str | None = None


_WHAT = {Kind.SET_ASIDE: "invalid", Kind.REVERT: "reverted"}


class DryLedger:
    """Answers from the real ledger; keeps to itself what it is told to write."""

    def __init__(self, store: Store, real: SourceLedger, source: SourceConfig) -> None:
        self._store = store
        self._real = real
        self._source = source
        self.noted: list[Planned] = []
        #: Records whose lead would differ only because the mapping was edited: such are never sent.
        self.edited_only = 0
        self._asked = False

    async def progress(self) -> Progress | None:
        """Return how far the source has been read."""
        return await self._real.progress()

    async def begin(self, kind: str) -> None:
        """Note nothing."""

    async def known(self, keys: Collection[str]) -> dict[str, Known]:
        """Return what is known of these keys."""
        return await self._real.known(keys)

    async def staged(self, keys: Collection[str]) -> Collection[str]:  # noqa: ARG002
        """Return nothing: nothing was ever staged for a job that does not exist."""
        return ()

    async def content_is_known(self, digests: Collection[bytes]) -> bool:
        """Tell whether any of these contents stands under some key already."""
        return await self._real.content_is_known(digests)

    async def older_mappings(self) -> Callable[[str], Evaluates | None]:
        """Return what finds a mapping that once made leads by its hash."""
        return await self._real.older_mappings()

    async def invalid_records(self) -> AsyncIterator[Sequence[Record]]:
        """Yield raw records that an older mapping refused, in batches."""
        async for records in self._real.invalid_records():
            yield records

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Keep nobody out: nothing is staged."""
        yield

    async def stage(self, staging: Staging) -> None:
        """Note what would be staged, with the properties that differ."""
        self._asked = staging.asked
        self.edited_only += sum(each.kind is Kind.REBASE for each in staging.decisions)
        going = [each for each in staging.decisions if each.kind in (Kind.SEND, Kind.SET_ASIDE, Kind.REVERT)]
        going = going[: max(0, MOST_NOTED - len(self.noted))]
        before = await self._fields_before(going)
        self.noted += [self._planned(each, before) for each in going]

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

    async def _fields_before(self, decisions: Sequence[Decision]) -> dict[int, str | None]:
        leads = [each.known.id for each in decisions if each.known]
        lead, version = tables.lead, tables.version
        query = (
            select(lead.c.id, version.c.fields)
            .join(version, version.c.id == lead.c.version_id)
            .where(lead.c.id.in_(leads))
        )
        if not leads:
            return {}
        rows = await self._store.read(lambda connection: connection.execute(query).all())
        return {row.id: row.fields for row in rows}

    def _planned(self, decision: Decision, before: dict[int, str | None]) -> Planned:
        known = decision.known
        what = _WHAT.get(decision.kind, "changed" if known and known.fingerprint else "new")
        fields: list[str] = []
        if decision.lead is not None:
            text = before.get(known.id) if known else None
            fields = changed_fields(decision.lead, text, self._store.digest_key)
        return Planned(decision.record.key, what, tuple(fields), decision.lead, decision.reason)
