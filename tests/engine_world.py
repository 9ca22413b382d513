"""One source, one endpoint and a real state store, with every step of the way in the test's hands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from sync.engine import Plan, Run, RunResult
from sync.events import Event, Events
from sync.mapping import Mapping, UnknownLanguage, mapping_from_text, parse_mapping
from sync.states import State
from sync.store import ledger, runs, tables
from sync.store.outbox import Claimed, Outbox, Wanted
from sync.store.settling import Settlement
from sync.store.source_ledger import MappingText, SourceLedger

if TYPE_CHECKING:
    from sources.base import Source
    from sources.units import Rate
    from sync.compare import Known
    from sync.first_sync import FirstSync
    from sync.lead import Lead
    from sync.ledger import Progress
    from sync.store.store import Store

MAPPING = """
lead:
  firstName: name
  phoneNumber: phone
  updatedAt: changed
"""


@dataclass
class Clock:
    """Time as a test sets it, in seconds since the epoch."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def mapping_of(text: str) -> Mapping:
    """Compile a mapping from YAML."""
    return parse_mapping(text, "mappings/crm.yaml", timezone=UTC)


def read_back(text: str) -> Mapping | None:
    """Read a mapping that the store has kept."""
    try:
        return mapping_from_text(text)
    except UnknownLanguage:
        return None


@dataclass
class World:
    """What a test of the engine needs, in one place."""

    store: Store
    source: Source
    mapping: Mapping = field(default_factory=lambda: mapping_of(MAPPING))
    first_sync: FirstSync = "everything"
    lookback: timedelta = timedelta(0)
    max_sends: Rate | None = None
    scope: ledger.Scope = field(default_factory=lambda: ledger.Scope("hatch", "crm"))
    events: list[Event] = field(default_factory=list)
    #: What the endpoint has taken, oldest first: key and first name.
    sent: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the outbox."""
        self.outbox = Outbox(self.store, self.scope.endpoint)

    def edit(self, text: str) -> None:
        """Put another mapping in force."""
        self.mapping = mapping_of(text)

    def ledger(self) -> SourceLedger:
        """Return the source's ledger under the mapping in force."""
        text = MappingText(self.mapping.hash, self.mapping.text, read_back)
        return SourceLedger(self.store, self.scope, text)

    def plan(self) -> Plan:
        """Return what a run is told."""
        return Plan(
            self.scope.source,
            self.source,
            self.mapping,
            self.first_sync,
            lookback=self.lookback,
            max_sends=self.max_sends,
            reads=self.mapping.reads,
        )

    def run(self) -> Run:
        """Return a run that has not begun."""
        return Run(self.plan(), self.ledger(), Events([self.events.append]))

    async def sync(self) -> RunResult:
        """Poll once, under the source's lease; a kill leaves nothing but what was committed."""
        assert await self.store.acquire("source:crm")
        try:
            return await self.run().run()
        finally:
            await self.store.release("source:crm")

    async def claim(self, slots: int = 1000) -> list[Claimed]:
        """Claim what is due."""
        return (await self._turn([], slots)).claimed

    async def settle(self, claimed: list[Claimed], state: State, **more: Any) -> None:
        """Settle what was claimed, all alike."""
        if state is State.ACCEPTED:
            self.sent += [(each.key, _name(each.lead)) for each in claimed]
        outcome = "later" if state is State.PENDING else state.value
        settlements = [
            Settlement(each.version_id, each.lead_id, state, **{"outcome": outcome, **more})
            for each in claimed
        ]
        await self._turn(settlements, 0)

    async def deliver(self) -> list[tuple[str, str]]:
        """Send all that is due until nothing is, and return it."""
        before = len(self.sent)
        while claimed := await self.claim():
            await self.settle(claimed, State.ACCEPTED)
        return self.sent[before:]

    async def _turn(self, settlements: list[Settlement], slots: int) -> Any:
        assert await self.store.acquire(self.outbox.lease)
        try:
            wanted = Wanted(slots, lambda _job, _rate: 0)
            return await self.outbox.turn(settlements, wanted)
        finally:
            await self.store.release(self.outbox.lease)

    async def known(self, *keys: str) -> dict[str, Known]:
        """Return what the ledger knows of these keys."""
        return await self.store.read(lambda connection: ledger.known(connection, self.scope, keys))

    async def stands(self) -> dict[str, State]:
        """Return where every lead of the source stands."""
        keys = await self.column(tables.lead.c.key)
        return {key: known.state for key, known in (await self.known(*keys)).items()}

    async def versions(self) -> Counter[State]:
        """Return how many versions stand in each state."""
        return Counter(map(State, await self.column(tables.version.c.state)))

    async def progress(self) -> Progress:
        """Return how far the source has been read."""
        found = await self.store.read(lambda connection: runs.progress(connection, self.scope))
        assert found is not None
        return found

    async def column(self, column: Any) -> list[Any]:
        """Return a column of a table, in the order of its ids."""
        query = select(column).order_by(*column.table.primary_key.columns)
        return await self.store.read(lambda connection: list(connection.scalars(query)))


def _name(lead: Lead | None) -> str:
    assert lead is not None
    return lead.standard.get("firstName", "")
