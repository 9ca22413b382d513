"""A backfill, the second use: a window of the past, beside the live sync and behind it; and P11."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.lead_rows import at, lead, leads
from tests.running_command import wait_until

DAY = 86_400
#: A window that holds what was changed on 2026-03-02, in UTC.
WINDOW = ("--since", "2026-03-02", "--until", "2026-03-03")


@pytest.fixture
def history(project, table):
    """Ten leads of March 1st and twenty of each of the two next days, all adopted by the first sync."""
    project.set(first_sync="now")
    table.insert(
        *leads(10),
        *(lead(number, updated_at=at(DAY + number)) for number in range(11, 31)),
        *(lead(number, updated_at=at(2 * DAY + number)) for number in range(31, 51)),
    )
    project.sync()
    return table


def position(project):
    (found,) = project.call("state", "show", "crm", "--json").document["sources"]
    return found["position"]


def numbers(hatch):
    return sorted(map(int, hatch.ids()))


def test_backfill_of_a_window_sends_it_once_and_leaves_the_position_alone(project, history, hatch):
    before = position(project)
    dry = project.call("backfill", "crm", *WINDOW, "--dry-run", "--json").document
    assert (dry["counts"]["staged"], dry["delivery"], hatch.requests()) == (20, None, [])
    done = project.call("backfill", "crm", *WINDOW, "--json")
    assert (done.document["all_read"], done.delivery["accepted"]) == (True, 20)
    assert numbers(hatch) == list(range(11, 31))
    assert position(project) == before
    again = project.call("backfill", "crm", *WINDOW, "--json")
    assert (again.delivery["accepted"], again.document["counts"]["unchanged"]) == (0, 20)
    wider = project.call("backfill", "crm", "--since", "2026-03-01", "--until", "2026-03-03", "--json")
    assert wider.delivery["accepted"] == 10, "what is accepted already is not sent"
    assert project.sync().run["staged"] == 0


def test_backfill_of_at_most_so_many_at_most_so_fast(project, history, hatch):
    done = project.call("backfill", "crm", *WINDOW, "--limit", "6", "--rate", "4/s", "--json")
    assert (done.document["counts"]["staged"], done.delivery["accepted"]) == (6, 6)
    assert done.delivery["seconds"] >= 0.4, "six leads do not fit into one second of four"
    assert numbers(hatch) == list(range(11, 17))


def test_backfill_goes_on_after_a_kill(project, history, hatch):
    project.endpoint.update(max_in_flight=4)
    project.save()
    hatch.set_fault("delay=60 when=after nth=7")
    with project.started("backfill", "crm", *WINDOW) as running:
        wait_until(lambda: hatch.stats()["in_flight"] == 4)
        running.kill()
    hatch.clear_faults()
    again = project.call("backfill", "crm", *WINDOW, "--json")
    assert again.document["resumed"]
    times = Counter(hatch.ids())
    assert sorted(map(int, times)) == list(range(11, 31))
    assert sum(times.values()) - 20 <= 4
    assert project.call("status", "--json").document["backfills"] == []


def test_p11_a_lead_that_is_new_now_overtakes_a_backfill(project, history, hatch):
    project.endpoint.update(max_in_flight=1)
    project.save()
    project.call("pause", "--endpoint", "default")
    project.call("backfill", "crm", *WINDOW, code=None)
    history.insert(lead(99, updated_at=at(3 * DAY)))
    project.sync(code=None)
    project.call("resume", "--endpoint", "default")
    project.sync()
    assert hatch.ids()[0] == "99"
    assert numbers(hatch) == [*range(11, 31), 99]


def test_p5_a_backfill_is_not_held_by_max_sends_and_is_not_counted_by_it(project, history, hatch):
    project.set(max_sends="2/h")
    assert project.call("backfill", "crm", *WINDOW, "--json").delivery["accepted"] == 20
    history.insert(lead(99, updated_at=at(3 * DAY)))
    assert project.sync().delivery["accepted"] == 1


def test_p4_a_backfill_does_not_send_what_is_older_than_what_was_sent(project, history, hatch):
    history.update(11, plan="silver", updated_at=at(3 * DAY))
    project.sync()
    project.call("backfill", "crm", *WINDOW)
    assert Counter(hatch.ids())["11"] == 1
    assert next(each["plan"] for each in hatch.leads() if each["id"] == "11") == "silver"


def test_a_backfill_without_a_window_is_refused(project, history, hatch):
    assert "--since" in project.call("backfill", "crm", code=2).err
    assert (
        "later than"
        in project.call("backfill", "crm", "--since", "2026-03-03", "--until", "2026-03-02", code=2).err
    )
    assert hatch.requests() == []
