"""P5: `created_after`: an old customer touched by a bulk job is not a new lead."""

from __future__ import annotations

import pytest

from tests.lead_rows import at, lead, leads, write_sheet
from tests.project import MAPPING

#: The sheets have no column for it: `plan` says when a lead was created.
DATED = {**MAPPING, "lead": {**MAPPING["lead"], "createdAt": "plan"}, "custom": {}}
OLD, NEW = "2019-05-01", "2026-03-01"


@pytest.fixture
def dated(project, table):
    """A source whose leads say when they were created, and a limit in New York's time."""
    project.map(mapping=DATED)
    project.set(created_after="2026-01-01", timezone="America/New_York", lookback="30d")
    return project


def test_p5_an_old_customer_touched_by_a_bulk_job_is_skipped_and_seen(dated, table, hatch):
    table.insert(*leads(3, plan=OLD), *leads(2, first=4, plan=NEW), lead(6, plan=""))
    first = dated.sync()
    assert (first.run["skipped"], first.delivery["accepted"]) == (3, 3)
    assert sorted(hatch.ids()) == ["4", "5", "6"], "one that does not say when is not filtered"
    table.run(f"update leads set status = 'won', updated_at = '{at(600)}'")
    assert dated.sync().run["skipped"] == 3
    assert sorted(hatch.ids()) == ["4", "4", "5", "5", "6", "6"]
    assert set(dated.reasons("skipped").values()) == {
        "created before created_after (2026-01-01 00:00:00-05:00)"
    }
    told = dated.call("reconcile", "crm", "--json").document
    assert told["counts"]["skipped"] == 3
    assert dated.states() == {"accepted": 3, "skipped": 3}


def test_p5_what_was_accepted_before_goes_on_getting_its_updates(dated, table, hatch):
    dated.set(created_after=None)
    table.insert(lead(1, plan=OLD))
    dated.sync()
    dated.set(created_after="2026-01-01")
    table.update(1, status="won", updated_at=at(600))
    assert dated.sync().delivery["accepted"] == 1
    assert hatch.ids() == ["1", "1"]


def test_p5_widening_it_sends_nothing_by_itself(dated, table, hatch):
    table.insert(*leads(5, plan=OLD))
    assert dated.sync().run["skipped"] == 5
    dated.set(created_after="2000-01-01")
    widened = dated.sync()
    assert (widened.run["adopted"], widened.run["staged"]) == (5, 0)
    assert hatch.requests() == []
    table.update(2, status="won", updated_at=at(600))
    dated.sync()
    assert hatch.ids() == ["2"]
    # What was adopted is sent by a backfill, as after a widened `where`.
    dated.call("backfill", "crm", "--since", "2026-03-01")
    assert sorted(hatch.ids()) == ["1", "2", "3", "4", "5"]


def test_p5_it_holds_for_backfills_of_either_kind(dated, table, hatch):
    table.insert(*leads(3, plan=OLD), lead(4, plan=NEW))
    dated.set(first_sync="now")
    dated.sync()
    for how in (("--by", "changed"), ("--by", "created")):
        told = dated.call("backfill", "crm", "--since", "2000-01-01", *how, "--json").document
        assert told["counts"]["skipped"] == 3
    assert hatch.ids() == ["4"]


def test_p5_narrowing_it_takes_back_what_is_held(dated, table, hatch):
    dated.set(created_after=None, max_sends="2/h", first_sync="now")
    dated.sync()
    table.insert(*leads(5, plan=OLD))
    assert dated.sync(code=1).run["held"] == 5
    dated.set(created_after="2026-01-01")
    dated.sync()
    assert dated.states() == {"skipped": 5}
    dated.call("retry", "--all", "--yes")
    dated.sync()
    assert hatch.requests() == []


def test_preview_says_what_would_be_skipped_and_check_what_filters_nothing(dated, table, sheet):
    write_sheet(sheet, [lead(1, plan=OLD), lead(2, plan=NEW)])
    dated.map(mapping=DATED)
    dated.set(created_after="2026-01-01")
    old, new = dated.call("preview", "crm", "--json").document["records"]
    assert "created before created_after" in old["skipped"]
    assert "unless the endpoint has it already" in old["skipped"]
    assert (new["skipped"], new["lead"]["createdAt"][:10]) == (None, NEW)
    dated.map()
    says = "created_after filters nothing: the mapping has no createdAt"
    assert says in dated.call("check", "--offline").out
    assert says in dated.call("preview", "crm").err


def test_a_created_after_that_is_no_date_is_refused(dated):
    dated.set(created_after="last year")
    assert "sources.crm.created_after: must be a date" in dated.sync(code=2).err
