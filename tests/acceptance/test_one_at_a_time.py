"""P12: two processes on one state store."""

from __future__ import annotations

import signal

import pytest
from sqlalchemy import create_engine, text

from tests.lead_rows import lead, leads, write_sheet
from tests.running_command import wait_until
from tests.slow_api import SlowApi


@pytest.fixture
def slow(project, httpserver):
    api = SlowApi(httpserver)
    project.source(type="rest", url=api.url, records="data", key="id", timeout="120s")
    yield api
    api.may_answer.set()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_p12_two_syncs_at_once_send_each_lead_once(project, table, hatch, request, kind):
    if kind == "postgresql":
        project.state = request.getfixturevalue("postgres_store_url")
        project.save()
    table.insert(*leads(300))
    hatch.set_fault("delay=0.02")
    with project.started("sync", "--json") as one, project.started("sync", "--json") as other:
        ended = [one.end(0), other.end(0)]
    assert sum(each.delivery["accepted"] for each in ended) == 300
    assert sorted(map(int, hatch.ids())) == list(range(1, 301))
    # Who left the source to the other one may have gone while that one still staged.
    polled = [each for each in ended if not each.run.get("left_alone")]
    assert polled
    assert all(each.delivery["pending"] == 0 for each in polled), "it waited for the drain"


def test_p12_a_source_that_another_process_polls_is_said_and_left_to_it(project, slow, hatch):
    with project.started("sync", "--json") as one:
        assert slow.asked.wait(60)
        other = project.sync(code=None)
        assert f"being polled by pid {one.process.pid}" in other.run["left_alone"]
        assert other.run["polled"] == 0
        # A process that is merely suspended still holds its source, and `status` names it.
        one.send(signal.SIGSTOP)
        status = project.call("status", "--json").document["sources"][0]
        assert f"pid {one.process.pid}" in status["polled_by"]
        assert project.sync(code=None).run["left_alone"]
        one.send(signal.SIGCONT)
        slow.may_answer.set()
        assert one.end(0).delivery["accepted"] == 5
    assert sorted(hatch.ids()) == ["1", "2", "3", "4", "5"]


def test_p12_after_a_crash_a_rerun_takes_over_at_once(project, slow, hatch):
    with project.started("sync") as one:
        assert slow.asked.wait(60)
        one.kill()
    slow.may_answer.set()
    assert project.sync().delivery["accepted"] == 5
    assert len(hatch.ids()) == 5


def test_p12_a_second_sync_stages_and_leaves_the_sending_to_the_first(project, sheet, hatch):
    write_sheet(sheet, leads(40))
    write_sheet(project.path("others.csv"), leads(10, first=100))
    project.source("others", type="spreadsheet", path="others.csv", key="id")
    project.endpoint.update(max_in_flight=2)
    project.save()
    hatch.set_fault("delay=0.1")
    with project.started("sync", "crm", "--json") as first:
        wait_until(lambda: hatch.stats()["in_flight"] > 0)
        second = project.sync("others")
        first.end(0)
    assert (second.run["new"], second.delivery["pending"]) == (10, 0)
    assert len(hatch.ids()) == len(set(hatch.ids())) == 50


def test_p12_a_process_that_lost_its_postgresql_session_sends_nothing_more(
    project, sheet, hatch, postgres_store_url
):
    project.state = postgres_store_url
    project.endpoint.update(max_in_flight=4)
    project.save()
    write_sheet(sheet, leads(60))
    hatch.set_fault("delay=1 when=after nth=9")
    with project.started("sync", "-q") as running:
        wait_until(lambda: hatch.stats()["in_flight"] == 4)
        _end_sessions(postgres_store_url)
        ended = running.end(4)
    assert "was lost" in ended.err
    arrived = len(hatch.requests())
    assert arrived <= 8 + 4 + 4, "nothing was started once the session was gone"
    hatch.clear_faults()
    project.sync()
    assert len(set(hatch.ids())) == 60
    assert len(hatch.ids()) - 60 <= 4


def _end_sessions(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        ours = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'leadrelay'"
        assert connection.execute(text(ours)).all()
    engine.dispose()


def test_p12_a_live_sync_goes_on_beside_a_run(project, table, hatch):
    project.set(schedule="every 1h")
    table.insert(lead(1))
    with project.started("run") as running:
        hatch.wait_requests(1, 60)
        table.insert(lead(2))
        assert project.sync().run["new"] == 1
        hatch.wait_requests(2, 60)
        running.send(signal.SIGTERM)
        running.end(143)
    assert hatch.ids() == ["1", "2"]
