"""P1 and P3: killed in the middle of 2,000 leads; what was in the air, and no more, may go again."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.lead_rows import leads, write_sheet
from tests.running_command import wait_until, wait_until_it_rests

if TYPE_CHECKING:
    from tests.project import Project

MANY, WINDOW = 2000, 16


@pytest.fixture(params=["sqlite", "postgresql"])
def state(request, project: Project) -> Project:
    """The project with its state in each kind of store."""
    if request.param == "postgresql":
        project.state = request.getfixturevalue("postgres_store_url")
    return project


def killed_in_the_air(project, hatch, *, after: int) -> int:
    """Kill a sync with all in the air that it sends at once, and which has arrived; return how many.

    That may be less than `WINDOW`: it sends fewer at once to an endpoint whose answers take longer, be it
    that the machine is busy with other tests.
    """
    hatch.set_fault(f"delay=60 when=after nth={after}")
    with project.started("sync", "-q") as running:
        in_the_air = wait_until_it_rests(lambda: hatch.stats()["in_flight"])
        running.kill()
    hatch.clear_faults()
    assert in_the_air <= WINDOW
    assert after - 1 <= len(hatch.ids()) < MANY
    return in_the_air


def test_p1_p3_a_kill_loses_nothing_and_repeats_what_was_in_the_air(state, table, hatch):
    table.insert(*leads(MANY))
    state.endpoint.update(max_in_flight=WINDOW)
    state.save()
    in_the_air = killed_in_the_air(state, hatch, after=701)
    again = state.sync()
    times = Counter(hatch.ids())
    assert len(times) == MANY, "no lead is missing"
    assert max(times.values()) <= 2
    assert 0 < len(hatch.ids()) - MANY <= in_the_air
    assert again.delivery["pending"] == 0
    assert state.states() == {"accepted": MANY}
    assert hatch.texts() == MANY


def test_p3_p8_with_hold_a_kill_repeats_nothing(project, sheet, hatch):
    write_sheet(sheet, leads(MANY))
    project.endpoint.update(max_in_flight=WINDOW, unknown_outcome="hold")
    project.save()
    in_the_air = killed_in_the_air(project, hatch, after=301)
    again = project.sync(code=1)
    assert again.delivery["unknown"] == in_the_air
    assert len(hatch.ids()) == len(set(hatch.ids())) == MANY
    assert project.states() == {"accepted": MANY - in_the_air, "unknown": in_the_air}
    assert "the process that sent it ended" in next(iter(project.reasons("unknown").values()))
    # A person looks at Hatch, sees that they have arrived, and says so.
    project.call("discard", "--state", "unknown", "--yes")
    assert project.sync().delivery["accepted"] == 0
    assert len(hatch.ids()) == MANY


def test_p1_a_kill_while_the_source_is_read_goes_on_from_the_last_page_staged(project, table, hatch):
    table.insert(*leads(MANY))
    hatch.set_fault("hang")
    with project.started("sync", "-q") as running:
        wait_until(lambda: hatch.stats()["in_flight"] > 0)  # the first page is staged, others are being read
        running.kill()
    hatch.clear_faults()
    project.sync()
    assert sorted(map(int, hatch.ids())) == list(range(1, MANY + 1))


def test_p3_again_and_again_killed_it_gets_there(project, sheet, hatch):
    write_sheet(sheet, leads(300))
    project.endpoint.update(max_in_flight=WINDOW)
    project.save()
    kills = 3
    hatch.set_fault("delay=0.05 when=after")
    for number in range(1, kills + 1):
        with project.started("sync", "-q") as running:
            wait_until(lambda goal=number * 50: hatch.stats()["requests"] >= goal)
            running.kill()
    project.sync()
    assert len(set(hatch.ids())) == 300
    assert len(hatch.ids()) <= 300 + kills * WINDOW
    assert project.states() == {"accepted": 300}
