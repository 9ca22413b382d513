"""P8: an unknown outcome is counted, shown, traced, and treated as the endpoint's settings say."""

from __future__ import annotations

import pytest

from tests.lead_rows import at, leads

#: Both leave the lead with the endpoint, and us without an answer.
FAULTS = ["close when=after lead=3", "delay=3 when=after lead=3"]


@pytest.fixture
def patient(project, table):
    """A project that waits half a second for an answer, with five leads."""
    project.endpoint.update(timeout="500ms", give_up="20s")
    project.save()
    table.insert(*leads(5))
    return project


def traced(project, number=3):
    (found,) = project.call("trace", f"crm:{number}", "--json").document["leads"]
    return found


@pytest.mark.parametrize("fault", FAULTS)
def test_p8_with_hold_it_is_counted_shown_and_traced_and_waits(patient, table, hatch, fault):
    patient.endpoint.update(unknown_outcome="hold")
    patient.save()
    hatch.set_fault(fault)
    ended = patient.sync(code=1)
    assert (ended.delivery["accepted"], ended.delivery["unknown"]) == (4, 1)
    assert "crm:3 unknown" in ended.err
    assert patient.call("status", "--json").document["sources"][0]["unknown"] == 1
    (row,) = patient.leads("--state", "unknown")
    assert row["id"] == "crm:3"
    assert row["reason"]
    found = traced(patient)
    assert found["state"] == "unknown"
    assert [each["outcome"] for each in found["versions"][0]["attempts"]] == ["unknown"]
    assert not found["versions"][0]["possibly_repeated"]
    hatch.clear_faults()
    table.update(3, plan="silver", updated_at=at(50))
    assert patient.sync(code=None).delivery["accepted"] == 0, "the next version waits behind it"
    patient.call("discard", "--state", "unknown", "--yes")  # somebody has seen that it had arrived
    assert patient.sync().delivery["accepted"] == 1
    assert [each["plan"] for each in hatch.leads() if each["id"] == "3"] == ["gold", "silver"]
    assert patient.leads("--possibly-repeated") == []


@pytest.mark.parametrize("fault", FAULTS)
def test_p8_with_repeat_what_may_have_arrived_twice_is_marked_and_counted(patient, hatch, fault):
    hatch.set_fault(f"{fault} times=1")
    assert patient.sync().delivery["accepted"] == 5
    hatch.wait_idle()
    assert sorted(hatch.ids()) == ["1", "2", "3", "3", "4", "5"]
    version = traced(patient)["versions"][0]
    assert version["possibly_repeated"]
    assert [each["outcome"] for each in version["attempts"]] == ["unknown", "accepted"]
    assert not traced(patient, 4)["versions"][0]["possibly_repeated"]
    assert "possibly repeated" in patient.call("trace", "crm:3").out
    told = patient.call("leads", "--possibly-repeated", "--json").document
    assert [each["id"] for each in told["leads"]] == ["crm:3"]
    assert told["counts"] == {"accepted": 1}
    assert "possibly repeated: an earlier request was never answered" in told["leads"][0]["reason"]
    assert patient.leads("--possibly-repeated", "--source", "crm") == told["leads"]
    assert "--source alone" in patient.call("leads", "--possibly-repeated", "--state", "held", code=2).err


def test_p8_with_repeat_it_is_repeated_so_often_and_no_more(patient, hatch):
    patient.endpoint.update(max_repeats=2, max_in_flight=1)
    patient.save()
    hatch.set_fault("close when=after lead=3")
    ended = patient.sync(code=1)
    assert (ended.delivery["accepted"], ended.delivery["rejected"]) == (4, 1)
    assert hatch.ids().count("3") == 3
    assert "no clear answer in 3 tries while others passed" in patient.reasons("rejected")["crm:3"]
    assert [each["outcome"] for each in traced(patient)["versions"][0]["attempts"]] == ["unknown"] * 3
    patient.sync()
    assert hatch.ids().count("3") == 3, "it is left to a person"


def test_p8_with_repeat_it_stays_unknown_where_no_others_passed_meanwhile(patient, hatch):
    patient.endpoint.update(max_repeats=1, max_in_flight=1)
    patient.save()
    hatch.set_fault("close when=after lead=5")
    ended = patient.sync(code=1)
    assert (ended.delivery["accepted"], ended.delivery["rejected"], ended.delivery["unknown"]) == (4, 0, 1)
    assert hatch.ids().count("5") == 2
    assert [each["id"] for each in patient.leads("--state", "unknown")] == ["crm:5"]


def test_p8_what_a_person_retries_is_marked_too(patient, hatch):
    patient.endpoint.update(unknown_outcome="hold")
    patient.save()
    hatch.set_fault("close when=after lead=3")
    patient.sync(code=1)
    hatch.clear_faults()
    patient.call("retry", "crm:3")
    patient.sync()
    assert traced(patient)["versions"][0]["possibly_repeated"]
    assert hatch.ids().count("3") == 2
