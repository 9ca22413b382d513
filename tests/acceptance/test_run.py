"""`run`, the first use: polls on its schedule, delivers all the time, ends orderly, reads again on SIGHUP."""

from __future__ import annotations

import signal

import pytest

from tests.lead_rows import at, lead, leads
from tests.running_command import wait_until


@pytest.fixture
def scheduled(project, table):
    """A table that `run` polls every second."""
    project.set(schedule="every 1s")
    table.insert(*leads(3))
    return table


def ids(hatch):
    return sorted(map(int, hatch.ids()))


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_run_polls_on_schedule_and_a_signal_drains_what_is_in_the_air(
    project, scheduled, hatch, number, code
):
    with project.started("run", "--json") as running:
        hatch.wait_requests(3, 60)
        scheduled.update(2, plan="silver", updated_at=at(50))
        scheduled.insert(lead(4, updated_at=at(51)))
        hatch.wait_requests(5, 60)
        hatch.set_fault("delay=1 when=after")
        scheduled.insert(*leads(2, first=60))
        wait_until(lambda: hatch.stats()["in_flight"] > 0)
        running.send(number)
        assert running.end(code).document == {"stopped_by": int(number)}
    hatch.clear_faults()
    assert project.sync().delivery["unknown"] == 0
    assert ids(hatch) == [1, 2, 2, 3, 4, 60, 61], "what was in the air was settled, not repeated"


def test_run_takes_a_good_new_file_and_refuses_a_bad_one(project, scheduled, hatch):
    with project.started("run") as running:
        hatch.wait_requests(3, 60)
        good = project.path("connector.yaml").read_text()
        project.write("connector.yaml", good.replace("first_sync: everything", "first_sync: evrything"))
        running.send(signal.SIGHUP)
        running.wait_said("is refused, the old one is kept")
        assert "connector.yaml:" in running.err
        scheduled.insert(lead(4, updated_at=at(50)))
        hatch.wait_requests(4, 60)
        project.write("connector.yaml", good)
        project.map(where="status == 'new'")
        running.send(signal.SIGHUP)
        running.wait_said("was read again")
        scheduled.insert(lead(5, updated_at=at(60), status="lost"), lead(6, updated_at=at(61)))
        hatch.wait_requests(5, 60)
        running.send(signal.SIGTERM)
        running.end(143)
    assert ids(hatch) == [1, 2, 3, 4, 6]


def test_p7_run_outlives_an_outage_of_the_endpoint_and_of_the_source(project, scheduled, hatch):
    with project.started("run") as running:
        hatch.wait_requests(3, 60)
        hatch.go_down()
        scheduled.insert(*leads(2, first=60))
        running.wait_said("is down")
        project.path("shop.db").rename(project.path("away.db"))
        running.wait_said("shop.db")
        project.path("away.db").rename(project.path("shop.db"))
        hatch.come_back()
        wait_until(lambda: ids(hatch) == [1, 2, 3, 60, 61])
        running.send(signal.SIGTERM)
        running.end(143)


def test_p3_run_killed_and_started_again_goes_on(project, scheduled, hatch):
    project.endpoint.update(max_in_flight=2)  # with two in the air, the first is known to be settled
    project.save()
    hatch.set_fault("delay=60 when=after nth=2")
    with project.started("run") as running:
        wait_until(lambda: hatch.stats()["in_flight"] == 2)
        running.kill()
    hatch.clear_faults()
    with project.started("run") as running:
        running.wait_said("outcome unknown")
        wait_until(lambda: hatch.stats()["requests"] >= 5)
        running.send(signal.SIGTERM)
        running.end(143)
    assert sorted(set(ids(hatch))) == [1, 2, 3]
    assert len(hatch.ids()) == 5


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_sync_stopped_by_a_signal_settles_what_is_in_the_air(project, scheduled, hatch, number, code):
    scheduled.insert(*leads(60, first=10))
    project.endpoint.update(max_in_flight=4)
    project.save()
    hatch.set_fault("delay=1 when=after")
    with project.started("sync", "--json") as running:
        wait_until(lambda: hatch.stats()["in_flight"] == 4)
        running.send(number)
        ended = running.end(code)
    sent = len(hatch.ids())
    assert (ended.delivery["accepted"], ended.delivery["unknown"]) == (sent, 0)
    assert sent < 63
    hatch.clear_faults()
    project.sync()
    assert len(hatch.ids()) == len(set(hatch.ids())) == 63
