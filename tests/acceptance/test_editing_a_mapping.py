"""Editing a mapping, the third use: nothing is sent by it, and what it mends is sent."""

from __future__ import annotations

from tests.lead_rows import at, lead, leads, write_sheet
from tests.project import MAPPING


def test_p5_an_edited_mapping_sends_nothing_though_every_row_was_touched(project, table, hatch):
    table.insert(*leads(30))
    project.sync()
    edited = {**MAPPING["custom"], "greeting": "Dear {{ name }}", "campaign": {"value": "spring"}}
    project.map(custom=edited)
    table.run(f"update leads set updated_at = '{at(5000)}'")
    planned = project.call("plan", "--json").document["plans"][0]
    assert (planned["edited_only"], planned["leads"]) == (30, [])
    again = project.sync()
    assert (again.run["unchanged"], again.run["staged"]) == (30, 0)
    assert len(hatch.ids()) == 30
    # A real change goes from here on, as the new mapping says it.
    table.update(7, plan="silver", updated_at=at(6000))
    project.sync()
    assert hatch.ids()[30:] == ["7"]
    assert hatch.leads()[-1].items() >= {"plan": "silver", "campaign": "spring"}.items()


def test_p5_what_an_edit_would_change_is_counted_and_sent_when_asked_for(project, table, hatch):
    table.insert(*leads(12))
    project.sync()
    # A column that is read no more is no change of a record either.
    project.map(custom={"deal": {"from": "status", "values": {"new": "fresh"}}})
    table.run(f"update leads set updated_at = '{at(5000)}' where id <> '3'")
    table.update(3, status="won", updated_at=at(5000))
    shown = project.call("plan", "crm", "--all").out
    assert "crm:3\n" in shown
    assert "deal  + won" in shown
    assert "11 accepted leads would say something else" in shown
    edit = project.call("plan", "--all", "--json").document["plans"][0]["edit"]
    assert {each["field"]: each["leads"] for each in edit["fields"]} == {"custom.deal": 11, "custom.plan": 11}
    assert project.sync().run["staged"] == 1
    assert hatch.ids()[12:] == ["3"]
    sent = project.call("send-again", "crm", "--edited", "--where", "id != '4'", "--yes", "--json")
    assert sent.delivery["accepted"] == 10
    assert sorted({*hatch.ids()[13:]}, key=int) == ["1", "2", "5", "6", "7", "8", "9", "10", "11", "12"]
    assert project.call("plan", "--all", "--json").document["plans"][0]["edit"]["changed"] == 1
    assert project.sync().run["staged"] == 0


def test_p5_a_widened_where_sends_nothing_of_what_was_there(project, table, hatch):
    project.map(where="status == 'new'")
    table.insert(*leads(10), *leads(10, first=11, status="lost"))
    first = project.sync()
    assert (first.run["new"], first.run["skipped"]) == (10, 10)
    project.map(where="status in ['new', 'lost']")
    table.run(f"update leads set updated_at = '{at(5000)}'")
    assert project.sync().run["staged"] == 0
    table.insert(lead(21, status="lost", updated_at=at(6000)))
    table.update(11, plan="silver", updated_at=at(6000))
    project.sync()
    assert sorted(hatch.ids()[10:]) == ["11", "21"], "what is new or has changed does go"


def test_p5_a_narrowed_where_takes_back_what_waits(project, table, hatch):
    table.insert(*leads(3))
    project.call("pause", "--endpoint", "default")
    project.sync(code=None)
    project.map(where="id != '2'")
    table.update(2, plan="silver", updated_at=at(50))
    project.sync(code=None)
    project.call("resume", "--endpoint", "default")
    project.sync()
    assert sorted(hatch.ids()) == ["1", "3"]


def test_p5_another_endpoint_source_sends_nothing(project, table, hatch):
    table.insert(*leads(3))
    project.sync()
    project.endpoint["source"] = "another_name"
    project.save()
    table.run(f"update leads set updated_at = '{at(5000)}'")
    assert project.sync().run["staged"] == 0
    assert len(hatch.ids()) == 3


def test_p6_a_mended_mapping_sends_the_invalid_ones_and_no_other(project, table, hatch):
    lead_part = {**MAPPING["lead"], "phoneNumber": "phone", "email": "mail"}
    project.map(lead={**lead_part, "email": "email"}, where="phone")
    table.insert(*leads(4), *leads(3, first=5, phone="none"))
    broken = project.sync(code=1)
    assert (broken.run["new"], broken.run["invalid"]) == (4, 3)
    reasons = project.reasons("invalid")
    assert set(reasons) == {"crm:5", "crm:6", "crm:7"}
    assert all("mappings/crm.yaml:" in reason and "lead.phoneNumber" in reason for reason in reasons.values())
    project.map()  # an invalid phone is dropped here
    mended = project.sync()
    assert (mended.run["new"], mended.run["invalid"]) == (3, 0)
    assert sorted(hatch.ids()[4:]) == ["5", "6", "7"]
    assert project.states() == {"accepted": 7}


def test_p6_a_mended_row_leaves_the_invalid_ones(project, sheet, hatch):
    write_sheet(sheet, [lead(1), lead(2, phone="", email="")])
    assert project.sync(code=1).run["invalid"] == 1
    write_sheet(sheet, [lead(1), lead(2)])
    project.sync()
    assert hatch.ids() == ["1", "2"]
    assert project.leads() == []


def test_p5_check_preview_and_plan_send_nothing_and_write_nothing(project, table, hatch):
    project.path("leadrelay.db").unlink()
    table.insert(*leads(3))
    project.map(examples=[{"record": lead(1), "lead": {"phoneNumber": "8045550101"}}])
    assert project.call("check", "--json").code == 0
    shown = project.call("preview", "crm", "--json").document["records"]
    assert [each["lead"]["id"] for each in shown] == ["1", "2", "3"]
    planned = project.call("plan", "--json").document["plans"][0]
    assert [(each["id"], each["what"]) for each in planned["leads"]] == [
        (f"crm:{number}", "new") for number in (1, 2, 3)
    ]
    assert hatch.leads() == []
    assert not project.path("leadrelay.db").exists()
    project.map(examples=[{"record": lead(1), "lead": {"phoneNumber": "8045550102"}}])
    wrong = project.call("check", "--offline", code=2)
    assert "mappings/crm.yaml:" in wrong.out + wrong.err
