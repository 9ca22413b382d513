"""Who must not be texted, and when: the rules of an endpoint, by the command as it is installed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.lead_rows import lead, leads, write_sheet


@pytest.fixture
def two_sheets(project):
    """A CRM's export and a sheet of walk-ins, both with all they hold to be sent."""
    project.source("crm", type="spreadsheet", path="crm.csv", key="id")
    project.source("walk_ins", type="spreadsheet", path="walk-ins.csv", key="id")
    return project.path("crm.csv"), project.path("walk-ins.csv")


def rules(project, **settings):
    """Change the rules of the endpoint; None takes one out."""
    changed = {**project.endpoint, **settings}
    project.endpoint = {name: value for name, value in changed.items() if value is not None}
    project.save()


def test_p2_the_same_homeowner_of_the_crm_and_of_the_sheet_is_texted_once(project, two_sheets, hatch):
    rules(project, dedupe="phone, email within 30d")
    crm, walk_ins = two_sheets
    write_sheet(crm, leads(2))
    project.sync("crm")
    write_sheet(walk_ins, [lead(71, phone="804.555.0101"), lead(72), lead(73, email="LEAD2@example.com")])
    delivery = project.sync("walk_ins").delivery
    assert (delivery["accepted"], delivery["discarded"], delivery["pending"]) == (1, 2, 0)
    assert sorted(hatch.ids()) == ["1", "2", "72"]
    reasons = project.reasons("discarded")
    assert reasons["walk_ins:71"].startswith("the same phone was sent as crm 1 on 20")
    assert reasons["walk_ins:73"].startswith("the same e-mail was sent as crm 2 on 20")
    assert "discarded" in project.call("trace", "walk_ins:71").out
    assert project.sync().delivery["accepted"] == 0, "and it stays so"
    write_sheet(crm, [lead(1, status="won"), lead(2)])
    project.sync()
    assert [each.id for each in hatch.requests()].count("1") == 2, "an update of what was sent goes on"
    again = project.call("send-again", "walk_ins", "--id", "71", "--yes", "--json")
    assert again.document["delivery"]["accepted"] == 1
    assert hatch.ids()[-1] == "71", "a person says so by name"


def test_p2_of_two_in_one_sync_one_is_texted(project, two_sheets, hatch):
    rules(project, dedupe={"by": ["phone"], "within": "30d"})
    crm, walk_ins = two_sheets
    write_sheet(crm, leads(20))
    write_sheet(walk_ins, leads(20, first=1))
    delivery = project.sync().delivery
    assert (delivery["accepted"], delivery["discarded"]) == (20, 20)
    phones = [each["phoneNumber"] for each in hatch.leads()]
    assert len(phones) == len(set(phones)) == 20


def test_p5_who_is_on_the_suppression_list_is_never_texted(project, sheet, hatch):
    rules(project, suppress="stop.csv")
    write_sheet(sheet, leads(4))
    refused = project.sync(code=3)
    assert "the suppression list stop.csv can't be read: there is no such file" in refused.err
    assert "goes on by itself" in refused.err
    assert refused.delivery["pending"] == 4
    assert hatch.requests() == []
    assert "halted" in project.call("status").out
    assert "there is no such file" in project.call("check", "--offline", code=2).out
    project.write("stop.csv", "phone,since\n+1 (804) 555-0102,2026-01-02\n")
    assert "1 phone or e-mail" in project.call("check", "--offline").out
    assert project.sync().delivery["discarded"] == 1
    assert sorted(hatch.ids()) == ["1", "3", "4"]
    assert project.reasons("discarded") == {"crm:2": "its phone is on the suppression list"}
    project.write("stop.csv", "Lead3@example.com\n")
    write_sheet(sheet, leads(4, status="won"))
    assert project.sync().delivery["discarded"] == 1
    assert sorted(each.id for each in hatch.requests()) == ["1", "1", "2", "3", "4", "4"]


def test_p5_the_list_may_be_in_a_database(project, table, hatch):
    project.set(first_sync="everything")
    query = "select phone, email from leads where status = 'stopped'"
    rules(project, suppress={"url": "sqlite:///shop.db", "query": query})
    table.insert(*leads(3), lead(4, status="stopped", phone="(804) 555-0101"))
    project.sync()
    assert sorted(hatch.ids()) == ["2", "3"]


def test_outside_of_send_window_nothing_is_sent_and_then_it_is(project, sheet, hatch):
    now = datetime.now(UTC)
    opens, closes = now + timedelta(hours=2), now + timedelta(hours=4)
    rules(project, timezone="UTC", send_window=f"{opens:%H:%M}-{closes:%H:%M}")
    write_sheet(sheet, leads(3))
    waiting = project.sync()
    assert waiting.run["new"] == 3
    assert (waiting.delivery["pending"], hatch.requests()) == (3, [])
    said = f"default: outside of send_window, 3 leads wait until {opens:%H:%M}"
    assert said in waiting.err
    assert waiting.delivery["endpoints"]["default"]["ending"] == "closed"
    assert "outside of send_window" in project.call("status").out
    window = project.call("status", "--json").document["endpoints"][0]["send_window"]
    assert window["open"] is False
    rules(project, send_window="0:00-24:00")
    assert project.sync().delivery["accepted"] == 3
    assert "open until 00:00" in project.call("status").out


def test_a_window_without_a_zone_is_refused(project, sheet):
    rules(project, send_window="8:00-20:00")
    assert (
        "endpoint.send_window: needs `timezone` beside it" in project.call("check", "--offline", code=2).err
    )
    rules(project, send_window="8 to 8", timezone="EST", dedupe="name within 3d", max_age="0s", suppress={})
    refused = project.call("check", "--offline", code=2).err
    for setting in ("send_window", "timezone", "dedupe", "max_age", "suppress"):
        assert f"endpoint.{setting}: " in refused


def test_what_has_become_too_old_in_an_outage_is_held(project, sheet, hatch):
    project.set(first_sync="now")
    write_sheet(sheet, leads(1))
    project.sync()
    ago = {days: f"{datetime.now(UTC) - timedelta(days=days, hours=1):%Y-%m-%d %H:%M:%S}" for days in (1, 9)}
    hatch.go_down()
    write_sheet(sheet, [lead(1), lead(2, updated_at=ago[9]), lead(3, updated_at=ago[1])])
    assert project.sync(code=3).delivery["pending"] == 2
    hatch.come_back()
    rules(project, max_age="7d")
    back = project.sync(code=1)
    assert (back.delivery["accepted"], back.delivery["held"]) == (1, 1)
    assert hatch.ids() == ["3"]
    assert project.reasons("held") == {"crm:2": "older than max_age: 7d (9 days)"}
    project.call("approve", "crm:2", "--yes")
    assert project.sync().delivery["accepted"] == 1
    assert sorted(hatch.ids()) == ["2", "3"]
