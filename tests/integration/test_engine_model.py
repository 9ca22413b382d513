"""Engine and staging against a simple model: whatever happens, nothing is lost and nothing repeated."""

from __future__ import annotations

import asyncio
import atexit
import shutil
import tempfile
from collections import defaultdict
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from sync.states import State
from sync.store import tables
from sync.store.store import Store, open_store
from tests.engine_world import MAPPING, Clock, World
from tests.scripted_source import Killed, ScriptedTable, at

KEYS = st.sampled_from("abcdef")
NAMES = st.sampled_from(["Ada", "Bea", "Cia"])
MAPPINGS = (
    MAPPING,
    MAPPING + "custom:\n  campaign: { value: spring }\n",
    MAPPING + "custom:\n  campaign: { value: autumn }\n  loud: '{{ name | upper }}'\n",
)
LOOKBACK = 50


@cache
def _template() -> Path:
    """Return an empty state file: making one takes longer than all that is done with it."""
    path = Path(tempfile.mkdtemp(prefix="leadrelay-model-")) / "state.db"
    atexit.register(shutil.rmtree, path.parent)
    open_store(f"sqlite:///{path}").close()
    return path


class EngineModel(RuleBasedStateMachine):
    """A table that people and programs write to, polled, killed and delivered from at any moment."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = Path(tempfile.mkdtemp(prefix="leadrelay-model-"))
        shutil.copy(_template(), self.directory / "state.db")
        self.runner = asyncio.Runner()
        self.table = ScriptedTable(page_size=2)
        self.flying: list[Any] = []
        self.seconds = 0.0
        #: The keys of rows that a finished poll has seen as they are.
        self.seen: set[str] = set()
        self.world = World(self._open(), self.table, lookback=timedelta(seconds=LOOKBACK))

    def _open(self) -> Store:
        store = open_store(f"sqlite:///{self.directory}/state.db", Clock())
        assert store._writer is not None
        # A kill of this process is played, a power cut is not: no commit has to reach the disk.
        store._writer.connection.driver_connection.execute("PRAGMA synchronous=OFF")
        return store

    def teardown(self) -> None:
        self.world.store.close()
        self.runner.close()
        shutil.rmtree(self.directory)

    def _run(self, work: Any) -> Any:
        return self.runner.run(work)

    @rule(key=KEYS, name=NAMES, later=st.sampled_from([0.0, 0.0, 1.0, 20.0]))
    def write(self, key: str, name: str, later: float) -> None:
        """Insert or update; often at the very time of the row before."""
        self.seconds += later
        self.table.put(key, name, at(self.seconds))
        self.seen.discard(key)

    @rule(key=KEYS, name=NAMES, late=st.floats(0, LOOKBACK - 1))
    def commit_late(self, key: str, name: str, late: float) -> None:
        """Insert a row with a time that lies before others, within the look-back."""
        if key not in self.table.rows and key not in self._sent():
            self.table.put(key, name, at(self.seconds - late))
            self.seen.discard(key)

    @rule(key=KEYS)
    def write_nonsense(self, key: str) -> None:
        """Make a record that no lead can be made of."""
        self.table.put(key, "Ada", at(self.seconds), phone="none")
        self.seen.discard(key)

    @rule(later=st.sampled_from([0.0, 5.0]))
    def touch_all(self, later: float) -> None:
        """Move every change time and change nothing."""
        self.seconds += later
        for key in self.table.rows:
            self.table.touch(key, at(self.seconds))

    @rule(key=KEYS)
    def delete(self, key: str) -> None:
        """Remove a row."""
        self.table.rows.pop(key, None)

    @rule(text=st.sampled_from(MAPPINGS))
    def edit(self, text: str) -> None:
        """Put another mapping in force."""
        self.world.edit(text)

    @rule()
    def poll(self) -> None:
        """Poll to the end."""
        assert self._run(self.world.sync()).error is None
        self.seen = set(self.table.rows)

    @rule(pages=st.integers(0, 3))
    def poll_and_be_killed(self, pages: int) -> None:
        """Poll, and be killed after some pages; a new process takes over."""
        self.table.dies_after = pages
        try:
            self._run(self.world.sync())
        except Killed:
            self.world.store.close()
            self.world.store = self._open()
            self.world.__post_init__()
            self.flying.clear()
            self._run(self._take_over())
        else:
            self.seen = set(self.table.rows)
        self.table.dies_after = None

    async def _take_over(self) -> None:
        orphans = await self.world.outbox.orphans()
        assert await self.world.store.acquire(self.world.outbox.lease)
        await self.world.outbox.adopt(orphans)
        await self.world.store.release(self.world.outbox.lease)
        await self.world.settle(orphans, State.ACCEPTED)

    @rule(slots=st.integers(1, 3))
    def claim(self, slots: int) -> None:
        """Send some, which stay in the air."""
        self.flying += self._run(self.world.claim(slots))

    @precondition(lambda self: self.flying)
    @rule()
    def land(self) -> None:
        """Have what is in the air accepted."""
        self._run(self.world.settle(self.flying, State.ACCEPTED))
        self.flying = []

    @rule()
    def deliver(self) -> None:
        """Send all there is."""
        if self.flying:
            self.land()
        self._run(self.world.deliver())

    @invariant()
    def p1_nothing_is_lost(self) -> None:
        stands = self._run(self.world.stands())
        assert self.seen <= set(stands)
        position = self._run(self.world.progress()).position if self.table.asked else None
        behind = position and position.moved_back(timedelta(seconds=LOOKBACK)).at
        known = self._run(self.world.known(*self.table.rows))
        for key, row in self.table.rows.items():
            if behind and row.changed < behind:  # no poll will read it again
                assert known[key].changed == row.changed, "the position is past a record that is not staged"

    @invariant()
    def p2_nothing_is_repeated(self) -> None:
        for key, names in self._sent().items():
            assert all(one != other for one, other in pairwise(names)), (key, names)

    @invariant()
    def p4_at_most_one_of_a_lead_waits_or_flies(self) -> None:
        states = self._run(self.world.column(tables.version.c.state))
        leads = self._run(self.world.column(tables.version.c.lead_id))
        pending = [lead for lead, state in zip(leads, states, strict=True) if state == State.PENDING]
        flying = [lead for lead, state in zip(leads, states, strict=True) if state == State.SENDING]
        assert len(set(pending)) == len(pending)
        assert len(set(flying)) == len(flying)

    @precondition(lambda self: self.table.rows)
    @rule()
    def p1_in_the_end_the_endpoint_has_what_the_source_has(self) -> None:
        self.poll()
        self.deliver()
        self.deliver()
        sent = self._sent()
        for key, row in self.table.rows.items():
            if row.fields["phone"] != "none":
                assert sent[key][-1] == row.fields["name"], key
        waiting = set(self._run(self.world.versions())) - {State.ACCEPTED, State.SUPERSEDED, State.INVALID}
        assert not waiting

    def _sent(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for key, name in self.world.sent:
            found[key].append(name)
        return found


TestEngineModel = EngineModel.TestCase
TestEngineModel.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
