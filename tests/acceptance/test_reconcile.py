"""`reconcile`: who accounts for every record that a source holds."""

from __future__ import annotations

import pytest

from tests.lead_rows import at, lead, leads, opened_table, write_sheet

DAY = 86_400


@pytest.fixture(params=["sqlite", "postgresql"])
def shop(request, project):
    """A table read by position, with the project's state in each kind of store."""
    if request.param == "postgresql":
        project.state = request.getfixturevalue("postgres_store_url")
    project.source(type="sql", url="sqlite:///shop.db", table="leads", key="id", cursor="updated_at")
    project.set(lookback="1s")
    yield from opened_table(f"sqlite:///{project.path('shop.db')}")


def reconciled(project, *arguments, code=0):
    return project.call("reconcile", "crm", *arguments, "--json", code=code).document


def daily(count, first=1):
    """Return leads that change a day apart: text in SQLite is read again from the day before."""
    return [lead(number, updated_at=at(number * DAY)) for number in range(first, first + count)]


def by_key(document):
    return {each["key"]: each["state"] for each in document["records"]}


def counted(document):
    return {state: number for state, number in document["counts"].items() if number}


def test_p1_a_row_committed_late_behind_the_position_is_one_nobody_accounts_for(project, shop, hatch):
    shop.insert(*daily(5, first=10))
    project.sync()
    shop.insert(lead(7, updated_at=at(2)))  # committed now, with a time before what was polled
    assert project.sync().run["new"] == 0
    found = reconciled(project, code=1)
    assert (found["unaccounted"], by_key(found)) == (1, {"7": "never-seen"})
    told = project.call("reconcile", "crm", code=1).out
    assert "crm:7" in told
    assert "leadrelay backfill crm --since 2026-03-01" in told
    assert "lookback" in told
    # What it says to do helps.
    project.call("backfill", "crm", "--since", "2026-03-01")
    assert "7" in hatch.ids()
    found = reconciled(project)
    assert (found["unaccounted"], counted(found), found["records"]) == (0, {"accepted": 6}, [])


def test_p1_a_change_committed_late_is_one_nobody_accounts_for(project, shop):
    shop.insert(*daily(5, first=10))
    project.sync()
    shop.update(10, plan="silver", updated_at=at(10 * DAY + 1))
    project.sync()
    found = reconciled(project, code=1)
    assert by_key(found) == {"10": "older-content"}
    assert "accepted by an older content" in found["records"][0]["reason"]
    project.set(lookback="30d")  # what the look-back covers is read by the next poll
    assert by_key(reconciled(project)) == {"10": "not-polled"}
    project.sync()
    assert counted(reconciled(project)) == {"accepted": 5}


def test_p1_every_state_accounts_for_its_records_and_says_why(project, shop, hatch):
    project.endpoint.update(unknown_outcome="hold")
    project.map(where="status != 'lost'")
    project.save()
    bad = lead(3, phone="", email="")
    shop.insert(*leads(2), bad, lead(4), lead(5, status="lost"), lead(6), lead(7))
    hatch.set_fault("status=422 lead=2", "close when=after lead=4")
    project.sync(code=1)
    hatch.set_fault("status=401")
    shop.insert(lead(8))
    project.sync(code=3)
    project.call("discard", "crm:2")
    shop.insert(lead(9))
    before = len(hatch.requests())
    found = reconciled(project)
    states = {"2": "discarded", "3": "invalid", "4": "unknown", "5": "skipped", "8": "pending"}
    assert by_key(found) == {**states, "9": "not-polled"}
    assert counted(found)["accepted"] == 3
    why = {each["key"]: each["reason"] or "" for each in found["records"]}
    assert "neither phoneNumber nor email" in why["3"]
    assert "mappings/crm.yaml" in why["5"]
    assert "the next sync reads it" in why["9"]
    assert by_key(reconciled(project, "--state", "invalid,unknown")) == {"3": "invalid", "4": "unknown"}
    shown = reconciled(project, "--limit", "0")
    assert (shown["records"], shown["counts"]) == ([], found["counts"])
    assert len(hatch.requests()) == before, "nothing is sent"
    assert project.states().get("pending") == 1, "and nothing is written"


def test_p1_what_first_sync_left_out_is_accounted_for_by_it(project, shop):
    project.set(first_sync="now")
    shop.insert(*daily(20))
    project.sync()
    shop.insert(*daily(1, first=30))
    project.sync()
    found = counted(reconciled(project))
    assert found.pop("adopted") + found["before-first-sync"] == 20, "what the look-back held was adopted"
    assert found == {"accepted": 1, "before-first-sync": found["before-first-sync"]}
    assert found["before-first-sync"] > 15
    shop.insert(*daily(1, first=25))
    assert by_key(reconciled(project, "--state", "never-seen", code=1)) == {"25": "never-seen"}


def test_before_the_first_sync_all_of_it_is_still_to_be_read(project, sheet):
    write_sheet(sheet, leads(3))
    project.path("leadrelay.db").unlink()
    assert counted(reconciled(project)) == {"not-polled": 3}
    assert not project.path("leadrelay.db").exists()


def test_a_sheet_is_reconciled_by_what_it_holds(project, sheet):
    write_sheet(sheet, [*leads(4), lead(4), {**lead(9), "id": ""}])
    project.sync(code=1)
    found = reconciled(project)
    assert counted(found) == {"accepted": 4, "invalid": 2}
    write_sheet(sheet, [*leads(2), lead(3, plan="silver"), lead(5)])
    found = reconciled(project)
    assert by_key(found) == {"3": "not-polled", "5": "not-polled"}
    assert found["gone"] == 1
    assert "1 lead of the ledger the source has no more" in project.call("reconcile", "crm").out


def test_a_source_that_cannot_be_read_ends_with_3(project, sheet):
    write_sheet(sheet, leads(1))
    project.sync()
    sheet.unlink()
    assert reconciled(project, code=3)["error"]


def test_a_state_that_there_is_not_is_refused_with_those_there_are(project, sheet):
    said = project.call("reconcile", "crm", "--state", "never_seen", code=2).err
    assert 'did you mean "never-seen"?' in said
