"""P5: another source, table, key, place or department under the old name, or the same under a new one."""

from __future__ import annotations

import pytest

from tests.lead_rows import lead, leads, write_sheet


def rename(project, old: str, new: str, **settings: object) -> None:
    project.sources[new] = project.sources.pop(old)
    project.set(new, **settings)


def refused(project, *said: str) -> str:
    """Hold that every command that reads or sends refuses, and says so at a line of the file."""
    err = project.sync(code=2).err
    for verb in (("plan",), ("run",), ("backfill", "crm", "--since", "2026-01-01"), ("check",)):
        name = "contacts" if "contacts" in project.sources else "crm"
        words = [name if word == "crm" else word for word in verb]
        answer = project.call(*words, code=2)
        assert all(each in answer.err + answer.out for each in said), (verb, answer.err, answer.out)
    assert "connector.yaml:" in err
    assert all(each in err for each in said), err
    return err


def test_p5_a_moved_sheet_is_asked_about_and_renamed_from_says_it_is_the_same(project, sheet, hatch):
    write_sheet(sheet, leads(3))
    project.sync()
    project.path("moved").mkdir()
    sheet.rename(project.path("moved/leads.csv"))
    project.set(path="moved/leads.csv")
    err = refused(project, "sources.crm.path: path was leads.csv and is moved/leads.csv")
    assert "renamed_from: leads.csv" in err
    project.set(renamed_from="leads.csv")
    assert project.call("plan", "--json").document["plans"][0]["counts"]["unchanged"] == 3
    assert project.sync().run["unchanged"] == 3
    write_sheet(project.path("moved/leads.csv"), leads(4))
    assert project.sync().run["new"] == 1, "the line may stay"
    project.set(path="elsewhere.csv")
    assert "renamed_from: moved/leads.csv" in project.sync(code=2).err, "and allows nothing more"
    assert sorted(hatch.ids()) == ["1", "2", "3", "4"]


def test_the_same_place_written_otherwise_is_the_same(project, sheet, hatch):
    write_sheet(sheet, leads(2))
    project.sync()
    project.path("sub").mkdir()
    project.set(path="./sub/../leads.csv")
    project.sync()
    project.set(path=str(sheet))
    project.sync()
    write_sheet(sheet, leads(2))
    project.set(first_sync="now", schedule="every 5m", max_sends="9/h", delimiter="comma")
    assert project.sync().run["unchanged"] == 2, "how it is read and when is free to change"


def test_p5_a_renamed_source_is_asked_about_and_takes_its_leads_along(project, sheet, hatch):
    write_sheet(sheet, leads(3))
    project.sync()
    project.call("pause", "crm")
    rename(project, "crm", "contacts")
    refused(project, "sources.contacts", "crm is not in this file any more", "renamed_from: crm")
    project.set("contacts", renamed_from="crm")
    write_sheet(sheet, leads(3))
    assert project.call("plan", "--json").document["plans"][0]["counts"]["unchanged"] == 3
    assert "paused" in project.sync().run["left_alone"], "what was said about it holds on"
    project.call("resume", "contacts")
    assert project.sync().run["unchanged"] == 3
    write_sheet(sheet, leads(3))
    assert project.sync().run["unchanged"] == 3, "once more changes nothing"
    assert (project.states("contacts"), project.states("crm")) == ({"accepted": 3}, {})
    assert len(hatch.leads()) == 3


def test_a_renamed_source_that_nobody_knows_is_a_mistake(project, sheet, hatch):
    write_sheet(sheet, leads(2))
    project.sync()
    rename(project, "crm", "contacts", renamed_from="cmr", key="email")
    err = project.sync(code=2).err
    assert "sources.contacts.renamed_from: nothing is known of a source cmr" in err
    assert 'did you mean "crm"' in err
    assert len(hatch.requests()) == 2


def test_p5_a_changed_key_is_asked_about_and_another_first_sync_begins_anew(project, sheet, hatch):
    write_sheet(sheet, leads(3))
    project.sync()
    project.set(key="email")
    refused(project, "sources.crm.key: key was id and is email", "renamed_from: id")
    project.set(first_sync="now")
    assert project.call("plan", "--json").document["plans"][0]["counts"]["adopted"] == 3
    assert project.sync().run["adopted"] == 3
    write_sheet(sheet, leads(3))
    assert project.sync().run["unchanged"] == 3
    kept = {
        each["source"]: each["leads"] for each in project.call("state", "show", "--json").document["sources"]
    }
    assert kept.pop("crm") == {"adopted": 3}
    ((name, standing),) = kept.items()
    assert (name.partition("@")[0], standing) == ("crm", {"accepted": 3}), "nothing is forgotten"
    assert len(hatch.leads()) == 3


def test_p5_a_changed_table_and_all_else_is_told_at_once(project, table, hatch):
    table.insert(*leads(2))
    write_sheet(project.path("walk-ins.csv"), leads(2, first=50))
    project.source("walk_ins", type="spreadsheet", path="walk-ins.csv", key="id")
    project.sync()
    table.run("create table people as select * from leads")
    project.set(table="people")
    project.set("walk_ins", key="email")
    err = project.sync("crm", code=2).err
    assert "sources.crm.table: table was leads and is people" in err
    assert "sources.walk_ins.key: key was id and is email" in err
    project.set(renamed_from="leads")
    project.set("walk_ins", renamed_from=["id"])
    assert project.sync("crm").run["staged"] == 0
    assert len(hatch.requests()) == 4


def test_p5_what_was_never_read_can_be_mended_freely(project, table, hatch):
    project.sync()
    table.run("create table people as select * from leads")
    project.set(table="people")
    project.sync()
    table.run(
        "insert into people select '7', 'Forename7', null, 'lead7@example.com', 'new', 'gold', :at",
        [{"at": "2026-03-01 12:00:00"}],
    )
    assert project.sync().run["new"] == 1


def test_state_reset_forgets_what_a_source_was(project, sheet, hatch):
    write_sheet(sheet, leads(2))
    project.sync()
    project.set(key="email")
    project.sync(code=2)
    project.call("state", "reset", "crm", "--all", "--yes")
    project.set(first_sync="everything")
    assert project.sync().run["new"] == 2


def test_p5_what_waited_is_held_when_its_source_begins_anew_and_its_pause_can_be_ended(project, sheet, hatch):
    write_sheet(sheet, leads(2))
    project.call("pause", "--endpoint", "default")
    project.sync()
    project.call("pause", "crm")
    project.call("resume", "--endpoint", "default")
    project.set(key="email", first_sync="now")
    said = project.sync().err
    assert "2 leads that were waiting to be sent are held as crm@" in said
    shown = project.call("state", "show", "--json").document["sources"]
    (kept,) = (each["source"] for each in shown if "@" in each["source"])
    project.call("approve", "--source", kept, "--yes")
    project.sync()
    assert hatch.leads() == [], "it is paused as the source is"
    project.call("resume", kept)
    project.sync()
    assert sorted(hatch.ids()) == ["1", "2"]
    assert "crm was paused" not in project.call("resume", "crm").out
    assert project.call("resume", kept, code=2).err, "there is nothing of that name any more"


@pytest.mark.parametrize("answer", ["the same", "another"])
def test_p5_another_department_is_asked_about(project, sheet, hatch, answer):
    write_sheet(sheet, leads(2))
    project.sync()
    old = project.endpoint["department_id"]
    project.endpoint["department_id"] = "87654321"
    project.save()
    err = refused(project, f"endpoint.department_id: department_id was {old} and is 87654321", "(crm)")
    assert f'renamed_from: "{old}"' in err
    write_sheet(sheet, leads(2))
    if answer == "the same":
        project.endpoint["renamed_from"] = old
        project.save()
        assert project.sync().run["unchanged"] == 2
    else:
        project.set(first_sync="now")
        assert project.sync().run["adopted"] == 2
    assert len(hatch.leads()) == 2


def test_p5_an_endpoint_under_a_new_name_is_asked_about(project, sheet, hatch):
    write_sheet(sheet, leads(2))
    project.sync()
    document = project.path("connector.yaml")
    text = document.read_text().replace("endpoint:\n", "endpoints:\n  east:\n", 1)
    head, tail = text.split("  east:\n")
    body, rest = tail.split("state:", 1)
    named = head + "  east:\n" + "".join(f"  {line}\n" for line in body.splitlines()) + "{}state:" + rest
    document.write_text(named.format(""))
    err = project.sync(code=2).err
    assert "endpoints.east: east is the account that leads went to as default" in err
    assert err.count("connector.yaml:") == 1, "its sources are not told about as well"
    document.write_text(named.format("    renamed_from: default\n"))
    write_sheet(sheet, leads(2))
    assert project.sync().run["unchanged"] == 2
    write_sheet(sheet, [lead(1, plan="silver"), lead(2)])
    assert project.sync().run["changed"] == 1
    assert len(hatch.requests()) == 3


def test_p5_a_restart_does_not_reset_max_sends(project, sheet, hatch):
    project.set(first_sync="now", max_sends="3/h")
    write_sheet(sheet, leads(1))
    project.sync()
    write_sheet(sheet, leads(3))
    assert project.sync().delivery["accepted"] == 2
    write_sheet(sheet, leads(5))
    held = project.sync(code=1)
    assert "2 leads would be sent on top of 2 before, and max_sends is 3/h" in held.run["held_reason"]
    assert len(hatch.requests()) == 2
