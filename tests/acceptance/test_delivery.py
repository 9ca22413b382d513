"""P4, P6, P7 and P8: refused leads, endpoints that fail, and answers that never came."""

from __future__ import annotations

import pytest

from tests.lead_rows import at, lead, leads, write_sheet
from tests.running_command import wait_until


def test_p4_v1_rejected_v2_accepted_then_retry_does_not_send_v1(project, table, hatch):
    table.insert(lead(1, plan="v1"))
    hatch.set_fault("status=422 lead=1")
    assert project.sync(code=1).delivery["rejected"] == 1
    hatch.clear_faults()
    table.update(1, plan="v2", updated_at=at(10))
    assert project.sync().delivery["accepted"] == 1
    assert project.call("retry", "crm:1", "--json").document["retried"] == 0
    assert project.call("retry", "--all", "--yes", "--json").document["retried"] == 0
    project.sync()
    assert [each["plan"] for each in hatch.leads()] == ["v2"]
    assert [each.body["plan"] for each in hatch.requests()] == ["v1", "v2"]


def test_p4_a_retry_sends_the_newest_version(project, table, hatch):
    table.insert(lead(1, plan="v1"))
    hatch.set_fault("status=422")
    project.sync(code=1)
    table.update(1, plan="v2", updated_at=at(10))
    project.sync(code=1)
    hatch.clear_faults()
    assert project.call("retry", "crm:1", "--json").document["retried"] == 1
    project.sync()
    assert [each["plan"] for each in hatch.leads()] == ["v2"]


def test_p4_the_requests_of_a_lead_are_one_after_another(project, table, hatch):
    table.insert(lead(1, plan="v1"))
    project.endpoint.update(give_up="60s")
    project.save()
    hatch.set_fault("delay=3 times=1")
    with project.started("sync", "-q") as first:
        wait_until(lambda: hatch.stats()["in_flight"] == 1)
        table.update(1, plan="v2", updated_at=at(10))
        project.sync()  # stages v2 and waits: another process delivers
        assert [each.status for each in hatch.requests()] == [200, 200]
        first.end(0)
    assert [each["plan"] for each in hatch.leads()] == ["v1", "v2"]


def test_p6_one_poison_lead_among_a_thousand(project, sheet, hatch):
    rows = leads(1000)
    rows[499] = lead(500, phone="", email="")  # the mapping can't make a lead of this one
    write_sheet(sheet, rows)
    hatch.set_fault("status=422 lead=250", "reset lead=750")
    project.endpoint.update(max_repeats=1)
    project.save()
    ended = project.sync(code=1)
    assert ended.run["invalid"] == 1
    assert (ended.delivery["accepted"], ended.delivery["rejected"], ended.delivery["unknown"]) == (997, 2, 0)
    assert len(hatch.ids()) == 997
    assert set(project.reasons("rejected")) == {"crm:250", "crm:750"}
    assert "422" in project.reasons("rejected")["crm:250"]
    assert "while others passed" in project.reasons("rejected")["crm:750"]
    assert "neither phoneNumber nor email" in project.reasons("invalid")["crm:500"]
    assert project.sync().delivery["accepted"] == 0, "what was set aside stays so until somebody acts"


def test_p6_an_answer_with_errors_is_a_refusal(project, sheet, hatch):
    write_sheet(sheet, leads(3))
    hatch.set_fault("errors='no such campaign' lead=2")
    assert project.sync(code=1).delivery["rejected"] == 1
    assert "no such campaign" in project.reasons("rejected")["crm:2"]
    assert sorted(hatch.ids()) == ["1", "3"]


def test_p7_an_endpoint_that_is_down_for_a_while(project, table, hatch):
    table.insert(*leads(40))
    hatch.go_down()
    down = project.sync(code=3)
    assert (down.run["new"], down.delivery["pending"], down.delivery["rejected"]) == (40, 40, 0)
    assert "leads are waiting" in down.err
    assert project.call("status", "--json").document["endpoints"][0]["state"] == "down"
    table.insert(*leads(2, first=41))  # reading goes on meanwhile
    assert project.sync(code=3).delivery["pending"] == 42
    hatch.come_back()
    assert project.sync().delivery["accepted"] == 42
    assert sorted(map(int, hatch.ids())) == list(range(1, 43))
    assert project.call("status", "--json").document["endpoints"][0]["state"] == "up"


def test_p7_an_endpoint_that_comes_back_while_sync_goes_on(project, sheet, hatch):
    write_sheet(sheet, leads(30))
    project.endpoint.update(give_up="60s")
    project.save()
    hatch.go_down()
    with project.started("sync", "--json") as running:
        running.wait_said("is down")
        hatch.come_back()
        assert running.end(0).delivery["accepted"] == 30
    assert len(hatch.ids()) == 30


@pytest.mark.parametrize(
    ("fault", "says"),
    [("status=401", "401"), ("status=403", "403"), ("status=404", "404")],
)
def test_p7_an_endpoint_that_refuses_us_harms_no_lead(project, sheet, hatch, fault, says):
    write_sheet(sheet, leads(60))
    hatch.set_fault(fault)
    halted = project.sync(code=3)
    assert (halted.delivery["pending"], halted.delivery["rejected"]) == (60, 0)
    assert says in halted.err
    assert len(hatch.requests()) <= 16, "only what was in the air when it was noticed"
    hatch.clear_faults()
    assert project.sync().delivery["accepted"] == 60


def test_p7_retry_after_is_heeded_in_full(project, sheet, hatch):
    write_sheet(sheet, leads(20))
    hatch.set_fault("status=429 retry_after=3600")
    told = project.sync(code=3)
    assert told.delivery["pending"] == 20
    asked = len(hatch.requests())
    assert asked <= 16
    hatch.clear_faults()
    assert project.sync(code=3).delivery["pending"] == 20, "the next process heeds it too"
    assert len(hatch.requests()) == asked


def test_p7_a_short_retry_after_is_waited_for(project, sheet, hatch):
    write_sheet(sheet, leads(20))
    project.endpoint.update(give_up="10s")
    project.save()
    hatch.set_fault("status=503 retry_after=1 times=3")
    waited = project.sync()
    assert (waited.delivery["accepted"], waited.delivery["pending"]) == (20, 0)
    assert waited.delivery["seconds"] >= 1


def test_p8_an_unknown_outcome_with_hold_waits_for_a_person(project, table, hatch):
    table.insert(*leads(5))
    project.endpoint.update(unknown_outcome="hold")
    project.save()
    hatch.set_fault("close when=after lead=3", "reset lead=4")
    ended = project.sync(code=1)
    assert (ended.delivery["accepted"], ended.delivery["unknown"], ended.delivery["rejected"]) == (3, 2, 0)
    assert project.call("status", "--json").document["sources"][0]["unknown"] == 2
    hatch.clear_faults()
    table.update(3, plan="silver", updated_at=at(50))  # the next version waits behind the unknown one
    assert project.sync().delivery["accepted"] == 0
    project.call("retry", "--state", "unknown", "--yes")
    assert project.sync().delivery["accepted"] == 2
    assert [each["plan"] for each in hatch.leads() if each["id"] == "3"] == ["gold", "silver"]


def test_p8_an_unknown_outcome_with_repeat_is_sent_again_and_marked(project, sheet, hatch):
    write_sheet(sheet, leads(5))
    project.endpoint.update(give_up="10s")
    project.save()
    hatch.set_fault("close when=after lead=3 times=1")
    assert project.sync().delivery["accepted"] == 5
    assert sorted(hatch.ids()) == ["1", "2", "3", "3", "4", "5"]
    version = project.call("trace", "crm:3", "--json").document["leads"][0]["versions"][0]
    assert (version["repeats"], version["state"]) == (1, "accepted")
    assert [each["outcome"] for each in version["attempts"]] == ["unknown", "accepted"]


def test_p8_no_answer_in_time_is_unknown(project, sheet, hatch):
    write_sheet(sheet, leads(1))
    project.endpoint.update(unknown_outcome="hold", timeout="500ms")
    project.save()
    hatch.set_fault("hang")
    assert project.sync(code=1).delivery["unknown"] == 1
