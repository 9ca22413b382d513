"""What `status` reads from the store."""

from __future__ import annotations

import subprocess
import sys

from sqlalchemy import insert, text

from sources.errors import Unavailable
from sources.units import parse_rate
from sync.states import State
from sync.store import jobs, tables
from sync.store.actions import pausing
from sync.store.leases import this_process
from sync.store.views.holders import live_holder
from sync.store.views.status import read_status
from tests.scripted_source import ScriptedSource, at, page, record
from tests.store_scene import fill


def status_of(store):
    return store.read_now(lambda connection: read_status(connection, store.clock()))


def test_nothing_is_known_of_a_new_store(store):
    found = status_of(store)
    assert (found.sources, found.endpoints, found.jobs) == ((), (), ())
    assert not found.needs_you


async def test_every_state_is_counted(store):
    await fill(store)
    (crm,) = status_of(store).sources
    standing = crm.standing
    assert (standing.pending, standing.due_later, standing.held) == (1, 1, 3)
    assert (standing.unknown, standing.rejected, standing.invalid, standing.sending) == (1, 1, 1, 0)
    assert standing.oldest_pending_at == store.clock()
    assert status_of(store).needs_you


async def test_last_run_and_position_are_those_of_the_newest(store, clock):
    await fill(store)
    clock.now += 30
    (crm,) = status_of(store).sources
    assert crm.last_run.outcome == "done"
    assert (crm.last_run.kind, crm.last_run.counts["held"]) == ("sync", 3)
    assert crm.position.at == at(61)
    assert crm.lag == clock.now - at(61).timestamp()
    assert not crm.first_sync_unfinished


async def test_a_failed_run_needs_you(store, world):
    world.source = ScriptedSource([Unavailable("the door is shut")])
    await world.sync()
    (crm,) = status_of(store).sources
    assert (crm.last_run.outcome, crm.last_run.error) == ("failed", "the door is shut")
    assert crm.first_sync_unfinished
    assert status_of(store).needs_you


async def test_a_version_whose_run_goes_on_is_due_later(store, world):
    await world.sync()  # the first one, of which everything was asked for
    world.max_sends = parse_rate("100/h")
    seen = []

    def look():
        seen.append(status_of(store).sources[0].standing)

    world.source = ScriptedSource([page(record("1", changed=at(1)), last=False), look, page()])
    await world.sync()
    assert (seen[0].pending, seen[0].due_later) == (1, 1)
    assert status_of(store).sources[0].standing.due_later == 0


async def test_who_polls_and_who_delivers_is_named(store):
    await fill(store)
    await store.acquire("source:crm")
    await store.acquire("endpoint:default")
    found = status_of(store)
    assert found.sources[0].poller == this_process()
    assert found.endpoints[0].deliverer == this_process()
    await store.release("source:crm")
    await store.release("endpoint:default")
    found = status_of(store)
    assert (found.sources[0].poller, found.endpoints[0].deliverer) == (None, None)


def test_p12_a_process_that_died_holds_nothing(store):
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    dead = this_process().replace(this_process().split()[1], done.stdout.decode().strip())
    row = {"name": "source:crm", "holder": dead, "since": 1.0}
    store.write_now(lambda connection: connection.execute(insert(tables.lease).values(row)))
    assert store.read_now(lambda connection: live_holder(connection, "source:crm")) is None


def test_p12_a_process_of_another_machine_is_believed_beside_a_file(store):
    row = {"name": "source:crm", "holder": "pid 1 on elsewhere", "since": 1.0}
    store.write_now(lambda connection: connection.execute(insert(tables.lease).values(row)))
    # PostgreSQL knows better: nobody has the lock
    expected = None if store.url.get_backend_name() == "postgresql" else "pid 1 on elsewhere"
    assert store.read_now(lambda connection: live_holder(connection, "source:crm")) == expected


async def test_pauses_and_backfills_are_shown(store, clock):
    world = await fill(store)
    store.write_now(lambda connection: pausing.pause(connection, "source:crm", clock()))
    store.write_now(lambda connection: pausing.pause(connection, "endpoint:spare", clock()))
    store.write_now(
        lambda connection: jobs.begin_or_resume(
            connection, world.scope, {"since": "2026-01-01"}, "2/s", clock()
        )
    )
    found = status_of(store)
    assert found.sources[0].paused_since == clock()
    assert {each.endpoint: each.paused_since for each in found.endpoints} == {
        "default": None,
        "spare": clock(),
    }
    (job,) = found.jobs
    assert (job.source, job.state, job.rate, job.request) == (
        "crm",
        "reading",
        "2/s",
        {"since": "2026-01-01"},
    )


async def test_a_halted_endpoint_needs_you(store, clock):
    row = {"endpoint": "hatch", "state": "halted", "reason": "401", "since": clock(), "not_before": None}
    store.write_now(lambda connection: connection.execute(insert(tables.endpoint_state).values(row)))
    found = status_of(store)
    assert [(each.endpoint, each.state, each.reason) for each in found.endpoints] == [
        ("hatch", "halted", "401")
    ]
    assert found.needs_you


async def test_p9_counting_reads_the_open_versions_only(store, world):
    for number in range(200):
        world.source.rows[str(number)] = record(str(number), changed=at(number))
    await world.sync()
    await world.deliver()
    assert status_of(store).sources[0].standing.pending == 0
    if store.url.get_backend_name() == "sqlite":
        plan = store.read_now(_plan_of_counting)
        assert "ix_version_open" in plan


def _plan_of_counting(connection):
    from sync.store.views.standing import _query

    query = str(_query(0.0).compile(connection, compile_kwargs={"literal_binds": True}))
    return " ".join(row[-1] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {query}")))


async def test_states_that_are_an_end_are_not_counted(store, world):
    world.source.rows["1"] = record("1", changed=at(1))
    await world.sync()
    await world.deliver()
    (crm,) = status_of(store).sources
    assert crm.standing.needs_you == 0
    assert await world.stands() == {"1": State.ACCEPTED}
