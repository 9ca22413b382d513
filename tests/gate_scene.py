"""Leads of several sources on their way to one endpoint, with rules about who must not be texted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from sources.base import Record
from sync.compare import Decision, Kind
from sync.digest import digest
from sync.gates.dedupe import parse_dedupe
from sync.lead import Lead
from sync.states import Asked, Lane, State
from sync.store import ledger, staging, tables
from sync.store.gates import Deduping, Gates
from sync.store.ledger import Scope
from sync.store.outbox import Outbox, Turn, Wanted
from sync.store.settling import Settlement

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

    from sqlalchemy import Connection

    from sync.store.outbox import Claimed
    from sync.store.store import Store
    from tests.engine_world import Clock

MAPPING = ("hash-of-a-mapping", '{"language": 1}')
DAY = 86_400.0


def iso(moment: float) -> str:
    """Return a time as a lead has it."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


@dataclass
class Scene:
    """A store with an outbox that has gates; its clock is the test's."""

    store: Store
    clock: Clock
    dedupe: str | None = None
    max_age: timedelta | None = None
    suppressed: set[bytes] | None = None
    endpoint: str = "default"
    outbox: Outbox = field(init=False)

    def __post_init__(self) -> None:
        """Make the outbox."""
        key = self.store.digest_key
        rule = Deduping(parse_dedupe(self.dedupe), self.endpoint, key) if self.dedupe else None
        gates = Gates(key, suppressed=self.suppressed, max_age=self.max_age, deduping=rule)
        self.outbox = Outbox(self.store, self.endpoint, gates)

    def stage(self, name: str, *, lane: Lane = Lane.LIVE, job: int | None = None, **more: Any) -> None:
        """Stage a version of a lead, named ``source:key``; what is not about staging is its fields."""
        source, _, key = name.partition(":")
        asked = bool(more.pop("asked", False))
        scope = Scope(self.endpoint, source)
        lead = Lead({"id": key, **more})

        def write(connection: Connection) -> None:
            known = ledger.known(connection, scope, [key]).get(key)
            said = digest(dict(lead.standard))
            decision = Decision(Kind.SEND, Record(key, {}), known, said, said, lead)
            batch = staging.Batch(scope, [decision], MAPPING, lane=lane, job_id=job, asked=asked)
            staging.stage(connection, batch, self.store.digest_key, self.clock())

        self.store.write_now(write)

    async def turn(self, settlements: Iterable[Settlement] = (), slots: int = 100) -> Turn:
        """Settle and claim."""
        assert await self.store.acquire(self.outbox.lease)
        try:
            return await self.outbox.turn(list(settlements), Wanted(slots, lambda _job, _rate: slots))
        finally:
            await self.store.release(self.outbox.lease)

    async def claim(self, slots: int = 100) -> list[str]:
        """Claim what may be sent, and return it as ``source:key``."""
        return names((await self.turn(slots=slots)).claimed)

    async def settle(self, claimed: Iterable[Claimed], state: State, **more: Any) -> None:
        """Settle what was claimed, all alike."""
        outcome = "unknown" if more.get("repeats") else state.value
        await self.turn(
            [Settlement(each.version_id, each.lead_id, state, outcome, **more) for each in claimed], 0
        )

    async def send(self, *expected: str) -> None:
        """Claim, look whether it is this, and let it be accepted."""
        turn = await self.turn()
        assert names(turn.claimed) == list(expected)
        await self.settle(turn.claimed, State.ACCEPTED)

    def name_it(self, source: str) -> None:
        """Mark what waits of a source as asked for by name."""
        version = tables.version
        named = update(version).where(version.c.source == source, version.c.state == State.PENDING.value)
        self.store.write_now(lambda connection: connection.execute(named.values(asked=Asked.BY_NAME.value)))

    def stands(self) -> dict[str, tuple[str, str | None]]:
        """Return where the newest version of every lead stands, and why."""
        lead, version = tables.lead, tables.version
        query = select(lead.c.source, lead.c.key, version.c.state, version.c.reason).join(
            version, version.c.id == lead.c.version_id
        )
        rows = self.store.read_now(lambda connection: connection.execute(query).all())
        return {f"{row.source}:{row.key}": (row.state, row.reason) for row in rows}

    def column(self, column: Any) -> list[Any]:
        """Return a column of a table."""
        return self.store.read_now(lambda connection: list(connection.scalars(select(column))))


def names(claimed: Iterable[Claimed]) -> list[str]:
    """Return what was claimed as ``source:key``."""
    return [f"{each.source}:{each.key}" for each in claimed]
