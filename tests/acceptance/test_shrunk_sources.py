"""P5: a list that suddenly comes back empty, or cut off, is asked about before anything of it is sent."""

from __future__ import annotations

from tests.lead_rows import leads, write_sheet


def test_p5_a_sheet_that_lost_most_of_its_rows_is_held_once(project, sheet, hatch):
    write_sheet(sheet, leads(50))
    project.sync()
    write_sheet(sheet, leads(20, status="won"))
    held = project.sync(code=1)
    assert "20 records were read where the last whole read had 50" in held.run["held_reason"]
    assert (held.run["held"], len(hatch.requests())) == (20, 50)
    status = project.call("status", "--strict", code=1).out
    assert "last whole read had 50" in status
    write_sheet(sheet, leads(20, status="lost"))
    again = project.sync()
    assert (again.run["held_reason"], again.delivery["accepted"]) == (None, 20), "said once"
    assert project.call("status", "--strict").code == 0


def test_p5_approve_lets_go_what_a_short_sheet_had(project, sheet, hatch):
    write_sheet(sheet, leads(50))
    project.sync()
    write_sheet(sheet, [*leads(10), *leads(2, first=51)])
    assert project.sync(code=1).run["held"] == 2
    project.call("approve", "--all", "--yes")
    project.sync()
    assert sorted(hatch.ids())[-1:] == ["9"]
    assert {"51", "52"} <= set(hatch.ids())


def test_p5_a_sheet_that_is_empty_is_told(project, sheet, hatch):
    write_sheet(sheet, leads(20))
    project.sync()
    write_sheet(sheet, [])
    told = project.sync(code=1)
    assert "0 records were read where the last whole read had 20" in told.run["held_reason"]
    assert "held: 0 records" in project.call("status").out
    assert project.call("status", "--strict", code=1)
    write_sheet(sheet, leads(21))
    assert project.sync().delivery["accepted"] == 1, "it is compared with what it was last"


def test_p5_a_table_read_whole_that_is_empty_is_told(project, table, hatch):
    project.set(cursor=None)
    table.insert(*leads(30))
    project.sync()
    table.run("delete from leads")
    assert "0 records were read" in project.sync(code=1).run["held_reason"]
    assert "all of it would be held" not in project.call("plan").out


def test_a_few_rows_may_come_and_go_and_a_source_by_position_is_not_counted(project, table, hatch):
    table.insert(*leads(60))
    project.sync()
    table.run("delete from leads")
    assert project.sync().run["held_reason"] is None
    write_sheet(project.path("few.csv"), leads(19, first=100))
    project.source("few", type="spreadsheet", path="few.csv", key="id")
    project.sync("few")
    write_sheet(project.path("few.csv"), leads(1, first=100))
    assert project.sync("few").run["held_reason"] is None
    write_sheet(project.path("few.csv"), leads(40, first=100))
    project.sync("few")
    write_sheet(project.path("few.csv"), leads(20, first=100))
    assert project.sync("few").run["held_reason"] is None, "half of them are still there"


def test_p5_plan_says_what_would_be_held(project, sheet, hatch):
    write_sheet(sheet, leads(50))
    project.sync()
    write_sheet(sheet, leads(3, status="won"))
    plan = project.call("plan", "--json", code=1).document["plans"][0]
    assert "last whole read had 50" in plan["held_reason"]
    assert len(hatch.requests()) == 50
