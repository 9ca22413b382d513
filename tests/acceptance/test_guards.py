"""P5: nothing but a changed record or an explicit command sends; and never too much at once."""

from __future__ import annotations

from tests.lead_rows import at, lead, leads, write_sheet


def test_p5_the_first_sync_of_a_source_has_no_default(project, sheet, hatch):
    write_sheet(sheet, leads(3))
    project.set(first_sync=None)
    refused = project.sync(code=2)
    assert "sources.crm.first_sync: is required" in refused.err
    assert '"everything"' in refused.err
    assert hatch.requests() == []


def test_p5_first_sync_now_adopts_what_is_there(project, table, hatch):
    project.set(first_sync="now")
    table.insert(*leads(20), lead(21, updated_at="2099-01-01 00:00:00"))
    first = project.sync(code=1)
    assert (first.run["adopted"], first.run["staged"], hatch.requests()) == (20, 0, [])
    assert "lies in the future" in next(iter(project.reasons("invalid").values()))
    table.insert(lead(30, updated_at=at(9_000_000)))
    table.update(20, plan="silver", updated_at=at(9_000_001))
    project.sync(code=None)
    assert sorted(hatch.ids()) == ["20", "30"], "a row dated 2099 does not blind it"


def test_p5_first_sync_now_adopts_a_sheet_whole(project, sheet, hatch):
    project.set(first_sync="now")
    write_sheet(sheet, leads(5))
    assert project.sync().run["adopted"] == 5
    write_sheet(sheet, [lead(1, plan="silver"), *leads(5, first=2)])
    project.sync()
    assert sorted(hatch.ids()) == ["1", "6"]
    assert project.states() == {"accepted": 2, "adopted": 4}


def test_p5_first_sync_from_a_date_on(project, table, hatch):
    project.set(first_sync="2026-03-02")
    table.insert(*leads(3), *(lead(number, updated_at=at(86_400 + number)) for number in (4, 5)))
    project.sync()
    assert sorted(hatch.ids()) == ["4", "5"]
    assert project.sync().run["staged"] == 0


def test_p5_more_than_max_sends_are_held_before_the_first_of_them_is_sent(project, sheet, hatch):
    project.set(first_sync="now", max_sends="10/h")
    write_sheet(sheet, leads(60))
    project.sync()
    write_sheet(sheet, leads(60, status="won"))  # somebody filled a column down
    held = project.sync(code=1)
    assert (held.run["changed"], held.run["held"], held.delivery["held"]) == (60, 60, 60)
    assert "60 leads would be sent, and max_sends is 10/h" in held.run["held_reason"]
    assert hatch.requests() == []
    assert project.call("status", "--json", "--strict", code=1).document["sources"][0]["held"] == 60
    assert project.call("approve", "--all", code=2).err.count("--yes") == 1, "nobody is there to be asked"
    assert project.call("approve", "--all", "--yes", "--json").document["approved"] == 60
    project.sync()
    assert sorted(map(int, hatch.ids())) == list(range(1, 61))


def test_p5_what_the_user_asked_for_is_not_asked_about_twice(project, sheet, hatch):
    project.set(max_sends="3/h")
    write_sheet(sheet, leads(10))
    assert project.sync().delivery["accepted"] == 10
    write_sheet(sheet, leads(12))
    assert project.sync().delivery["accepted"] == 2, "what was asked for is not counted"
    write_sheet(sheet, leads(14))
    assert project.sync(code=1).run["held"] == 2, "two before and two now are more than three"
    assert len(hatch.ids()) == 12


def test_p5_a_row_deleted_from_a_sheet_keyed_by_row_is_held(project, sheet, hatch):
    project.set(key="row")
    write_sheet(sheet, leads(20))
    project.sync()
    write_sheet(sheet, [*leads(4), *leads(15, first=6)])
    held = project.sync(code=1)
    assert held.run["held"] > 0
    assert "only grows at the end" in held.run["held_reason"]
    assert len(hatch.requests()) == 20
    project.call("discard", "--state", "held", "--yes")
    write_sheet(sheet, [*leads(4), *leads(15, first=6), lead(21)])
    project.sync(code=None)
    emails = [each["email"] for each in hatch.leads()]
    assert len(emails) == len(set(emails)), "nobody was written to twice"


def test_p5_a_sheet_keyed_by_row_that_grows_at_its_end_just_goes_on(project, sheet, hatch):
    project.set(key="row")
    write_sheet(sheet, leads(5))
    project.sync()
    write_sheet(sheet, leads(7))
    assert project.sync().run["new"] == 2
    assert len(hatch.ids()) == 7


def test_p5_a_forgotten_position_sends_nothing_again(project, table, hatch):
    table.insert(*leads(5))
    project.sync()
    project.call("state", "reset", "crm", "--position-only", "--yes")
    assert project.sync().run["unchanged"] == 5
    assert len(hatch.ids()) == 5


def test_p5_a_paused_source_and_a_paused_endpoint_send_nothing(project, table, hatch):
    table.insert(*leads(2))
    project.call("pause", "crm")
    assert "paused" in project.sync().run["left_alone"]
    project.call("resume", "crm")
    project.call("pause", "--endpoint", "default")
    assert project.sync(code=None).delivery["pending"] == 2
    assert hatch.requests() == []
    project.call("resume", "--endpoint", "default")
    assert project.sync().delivery["accepted"] == 2
