"""What tests of delivery need: a store with staged leads, and an endpoint that does as it is told."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import select

from sources.base import Record
from sync.compare import Decision, Kind
from sync.delivery import Courier, Delivered, Goal, Policy
from sync.digest import digest
from sync.endpoints.base import Outcome, Receipt
from sync.events import Event, Events
from sync.lead import Lead
from sync.states import Lane, State
from sync.store import ledger, staging, tables
from sync.store.ledger import Scope
from sync.store.outbox import Outbox
from sync.store.store import Store, open_store

if TYPE_CHECKING:
    import pytest

SCOPE = Scope("default", "crm")
MAPPING = ("hash-of-a-mapping", '{"language": 1}')
ACCEPTED = Receipt(Outcome.ACCEPTED, status=200)
REJECTED = Receipt(Outcome.REJECTED, "400: no", 400)
REFUSED = Receipt(Outcome.HALT, "401: wrong key", 401)
THROTTLED = Receipt(Outcome.LATER, "429", 429)
BUSY = Receipt(Outcome.LATER, "503", 503)
NO_LINE = Receipt(Outcome.LATER, "no connection")
NO_ANSWER = Receipt(Outcome.UNKNOWN, "no answer came within 30 seconds")
#: Impatient, so that no test takes long.
QUICK = Policy(
    max_in_flight=4,
    first_delay=0.002,
    first_pause=0.002,
    first_pause_halted=0.002,
    longest_pause=0.01,
    longest_delay=0.02,
)

Answer = Callable[[str, int], Receipt]


@contextmanager
def opened(request: pytest.FixtureRequest, kind: str) -> Iterator[Store]:
    """Open a store in an SQLite file or in a PostgreSQL database of the test's own."""
    fixture = {"sqlite": "sqlite_store_url", "postgresql": "postgres_store_url"}[kind]
    store = open_store(request.getfixturevalue(fixture))
    try:
        yield store
    finally:
        store.close()


def stage(
    store: Store,
    keys: Sequence[str],
    *,
    says: str = "first",
    lane: Lane = Lane.LIVE,
    job_id: int | None = None,
    scope: Scope = SCOPE,
) -> None:
    """Stage a version of each lead, as a run does."""

    def write(connection: object) -> None:
        known = ledger.known(connection, scope, keys)  # type: ignore[arg-type]
        decisions = [_decision(key, says, known.get(key)) for key in keys]
        batch = staging.Batch(scope, decisions, MAPPING, lane=lane, job_id=job_id)
        staging.stage(connection, batch, store.digest_key, store.clock())  # type: ignore[arg-type]

    store.write_now(write)


def _decision(key: str, says: str, known: ledger.Known | None) -> Decision:
    record = Record(key, {"status": says})
    lead = Lead({"id": key, "phoneNumber": "8045550100", "status": says})
    return Decision(Kind.SEND, record, known, digest(says), digest([key, says]), lead)


def states(store: Store) -> Counter[str]:
    """Count the versions in the store by state."""
    query = select(tables.version.c.state)
    return Counter(store.read_now(lambda connection: list(connection.scalars(query))))


def attempts(store: Store) -> list[str]:
    """Return the outcomes of all attempts in order."""
    query = select(tables.attempt.c.outcome).order_by(tables.attempt.c.id)
    return store.read_now(lambda connection: list(connection.scalars(query)))


def payloads(store: Store) -> int:
    """Count the payloads that are kept."""
    return store.read_now(
        lambda connection: len(connection.execute(select(tables.payload.c.version_id)).all())
    )


class Told(list[Event]):
    """Every event, in order."""

    def of(self, kind: type) -> list[Event]:
        """Return the events of a kind."""
        return [each for each in self if isinstance(each, kind)]


class ScriptedEndpoint:
    """An endpoint that answers as a test says, and remembers what reached it."""

    def __init__(self, answer: Answer = lambda _key, _try: ACCEPTED, seconds: float = 0.0) -> None:
        self._answer = answer
        self._seconds = seconds
        self._tries: defaultdict[str, int] = defaultdict(int)
        #: (id, status) of every request in order.
        self.sent: list[tuple[str, str]] = []
        self.probes = 0
        self.probe_answer: Receipt = ACCEPTED
        self.in_air = 0
        self.most_in_air = 0
        self.by_lead_in_air: Counter[str] = Counter()
        #: Whether two requests of one lead were ever in the air at once.
        self.overlapped = False

    @property
    def where(self) -> str:
        return "https://hatch.example.com/newlead"

    def body(self, lead: Lead) -> bytes:
        return orjson.dumps(lead.standard)

    async def send(self, body: bytes) -> Receipt:
        said = orjson.loads(body)
        key = said["id"]
        self.sent.append((key, said["status"]))
        self._tries[key] += 1
        number = self._tries[key]
        self.in_air += 1
        self.by_lead_in_air[key] += 1
        self.overlapped = self.overlapped or self.by_lead_in_air[key] > 1
        self.most_in_air = max(self.most_in_air, self.in_air)
        try:
            await asyncio.sleep(self._seconds)
        finally:
            self.in_air -= 1
            self.by_lead_in_air[key] -= 1
        return self._answer(key, number)

    async def until_in_air(self, count: int) -> None:
        """Wait until so many requests are in the air."""
        while self.in_air < count:  # noqa: ASYNC110 - it is a number, and this is the test's own
            await asyncio.sleep(0.001)

    async def probe(self) -> Receipt:
        self.probes += 1
        return self.probe_answer

    async def close(self) -> None:
        """Hold nothing."""


class Desk:
    """A store, an endpoint and a courier between them."""

    def __init__(self, store: Store, endpoint: ScriptedEndpoint, policy: Policy = QUICK) -> None:
        self.store = store
        self.endpoint = endpoint
        self.policy = policy
        self.told = Told()
        self.courier = self.another()

    def another(self) -> Courier:
        """Make a courier that knows nothing of what was before, as a new process does."""
        outbox = Outbox(self.store, SCOPE.endpoint)
        return Courier(self.endpoint, outbox, self.policy, Events([self.told.append]), jitter=lambda: 0.5)

    async def deliver(self, give_up: float | None = 2.0) -> Delivered:
        """Deliver until nothing is due or it is of no use; None: until the courier is stopped."""
        lease = self.courier.outbox.lease
        assert await self.store.acquire(lease)
        try:
            return await self.courier.deliver(Goal(give_up))
        finally:
            await self.store.release(lease)

    def states(self) -> dict[str, int]:
        """Count versions by state."""
        return dict(states(self.store))


def all_accepted(count: int) -> dict[str, int]:
    """Return the states of a store in which everything was taken."""
    return {State.ACCEPTED.value: count}
