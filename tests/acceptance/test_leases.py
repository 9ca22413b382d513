"""P12 on real processes: suspended, killed, or without their PostgreSQL session in the middle of the work."""

from __future__ import annotations

import signal
import time
from collections import Counter

import pytest
from sqlalchemy import create_engine, text

from tests.lead_rows import at, leads
from tests.running_command import wait_until
from tests.slow_api import SlowApi

MANY, WINDOW = 120, 4


@pytest.fixture(params=["sqlite", "postgresql"])
def state(request, project, table):
    """A project with many leads and few in the air, its state in each kind of store."""
    if request.param == "postgresql":
        project.state = request.getfixturevalue("postgres_store_url")
    project.endpoint.update(max_in_flight=WINDOW)
    project.save()
    table.insert(*leads(MANY))
    return project


@pytest.fixture
def on_postgres(project, table, postgres_store_url):
    """The same, with its state in PostgreSQL."""
    project.state = postgres_store_url
    project.endpoint.update(max_in_flight=WINDOW)
    project.save()
    table.insert(*leads(MANY))
    return project


def deliverer(project):
    return project.call("status", "--json").document["endpoints"][0]["delivered_by"]


@pytest.mark.parametrize("timeout", ["30s", "3s"])
def test_p12_a_sync_suspended_in_the_middle_of_delivering_is_waited_for(state, table, hatch, timeout):
    state.endpoint.update(
        timeout=timeout, give_up="4s"
    )  # the second waits for longer than an answer may take
    state.save()
    hatch.set_fault("delay=1 when=after nth=21 times=4")
    with state.started("sync", "--json") as one:
        # All it may have in the air is, so it writes nothing: it is not suspended while it does.
        wait_until(lambda: hatch.stats()["in_flight"] == WINDOW and len(hatch.requests()) >= 20)
        one.send(signal.SIGSTOP)
        hatch.wait_idle()
        arrived = len(hatch.requests())
        table.update(MANY, plan="silver", updated_at=at(500))
        other = state.sync(code=3)  # it stages, waits for as long as `give_up` says, and reports
        assert f"pid {one.process.pid}" in other.err
        assert "delivers to it" in other.err
        assert other.run["changed"] == 1
        assert f"pid {one.process.pid}" in deliverer(state)
        assert len(hatch.requests()) == arrived, "nothing that the first has claimed, nor anything else"
        one.send(signal.SIGCONT)
        assert one.end(0).delivery["accepted"] == MANY
    assert len(hatch.ids()) == len(set(hatch.ids())) == MANY
    assert state.states() == {"accepted": MANY}


def test_p12_a_killed_deliverer_is_taken_over_from_at_once_by_who_waits(state, hatch):
    state.endpoint.update(give_up="60s")
    state.save()
    hatch.set_fault("delay=60 when=after nth=21")
    with state.started("sync", "-q") as first:
        wait_until(lambda: hatch.stats()["in_flight"] == WINDOW)
        assert f"pid {first.process.pid}" in deliverer(state)
        with state.started("sync") as second:
            second.wait_said(f"{MANY} read")
            hatch.clear_faults()
            began = time.monotonic()
            first.kill()
            second.end(0)
        took = time.monotonic() - began
    times = Counter(hatch.ids())
    assert len(times) == MANY
    assert len(hatch.ids()) - MANY <= WINDOW
    assert took < 45, "nothing had to run out"
    assert state.states() == {"accepted": MANY}


def test_p12_without_its_session_it_sends_nothing_more_and_a_rerun_asks_about_the_rest(on_postgres, hatch):
    on_postgres.endpoint.update(unknown_outcome="hold")
    on_postgres.save()
    hatch.set_fault("delay=1 when=after nth=21")
    with on_postgres.started("sync", "-q") as running:
        wait_until(lambda: hatch.stats()["in_flight"] == WINDOW)
        _end_sessions(on_postgres.state)
        ended = running.end(4)
    assert "was lost" in ended.err
    hatch.clear_faults()
    hatch.wait_idle()
    arrived = len(hatch.ids())
    claimed = on_postgres.states()["sending"]
    assert 0 < claimed <= WINDOW
    again = on_postgres.sync(code=1)
    assert again.delivery["unknown"] == claimed, "what it had claimed is unknown"
    assert set(on_postgres.states()) == {"accepted", "unknown"}
    assert len(hatch.ids()) == len(set(hatch.ids())) <= MANY
    assert len(hatch.ids()) - arrived == again.delivery["accepted"]


def test_p12_without_its_session_it_stages_nothing_more(project, httpserver, hatch, postgres_store_url):
    api = SlowApi(httpserver)
    project.state = postgres_store_url
    project.source(type="rest", url=api.url, records="data", key="id", timeout="120s")
    try:
        with project.started("sync", "-q") as running:
            assert api.asked.wait(60)
            _end_sessions(postgres_store_url)
            api.may_answer.set()
            ended = running.end(4)
    finally:
        api.may_answer.set()
    assert "was lost" in ended.err
    assert (project.states(), hatch.requests()) == ({}, [])
    assert project.sync().delivery["accepted"] == 5
    assert sorted(hatch.ids()) == ["1", "2", "3", "4", "5"]


def _end_sessions(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        ours = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'leadrelay'"
        assert connection.execute(text(ours)).all()
    engine.dispose()
