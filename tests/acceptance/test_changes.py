"""P2: what counts as changed, and that nothing else is sent."""

from __future__ import annotations

import os

from openpyxl import Workbook

from tests.lead_rows import COLUMNS, at, lead, leads, write_sheet


def test_p2_only_what_is_new_or_changed_is_sent_and_the_document_says_so(project, sheet, hatch):
    write_sheet(sheet, leads(5))
    first = project.sync()
    expected = {"source": "crm", "polled": 5, "new": 5, "changed": 0, "unchanged": 0, "staged": 5}
    assert first.run.items() >= {**expected, "skipped": 0, "invalid": 0, "held": 0}.items()
    assert set(first.document) == {"runs", "delivery"}
    delivery = {"accepted": 5, "rejected": 0, "unknown": 0, "pending": 0, "held": 0, "superseded": 0}
    assert first.delivery.items() >= delivery.items()
    assert first.delivery["seconds"] > 0
    assert sorted(hatch.ids()) == ["1", "2", "3", "4", "5"]
    write_sheet(sheet, [lead(1, plan="silver"), *leads(5, first=2)])
    second = project.sync()
    assert (second.run["new"], second.run["changed"], second.run["unchanged"]) == (1, 1, 4)
    assert sorted(hatch.ids()[5:]) == ["1", "6"]
    assert hatch.texts() == 6, "a change is an update, no second text"


def test_p2_a_sheet_saved_again_in_another_order_sends_nothing(project, sheet, hatch):
    write_sheet(sheet, leads(40))
    project.sync()
    write_sheet(sheet, reversed(leads(40)), reversed(COLUMNS))
    again = project.sync()
    assert (again.run["polled"], again.run["unchanged"], again.run["staged"]) == (40, 40, 0)
    assert len(hatch.ids()) == 40


def test_p9_an_unchanged_sheet_is_not_read_again(project, sheet, hatch):
    write_sheet(sheet, leads(3))
    project.sync()
    assert project.sync().run["polled"] == 0
    os.utime(sheet)
    assert project.sync().run["polled"] == 3, "touched: read, and found unchanged"
    assert len(hatch.ids()) == 3


def test_rows_that_share_a_timestamp_with_the_position(project, table, hatch):
    project.set(lookback="0s")
    table.insert(lead(2, updated_at=at(0)), lead(3, updated_at=at(0)))
    project.sync()
    # One sorts before what the position names, one after; both have its very timestamp.
    table.insert(lead(1, updated_at=at(0)), lead(4, updated_at=at(0)))
    project.sync()
    project.sync()
    assert sorted(hatch.ids()) == ["1", "2", "3", "4"]


def test_p2_a_row_committed_late_with_an_older_timestamp(project, table, hatch):
    project.set(lookback="10m")
    table.insert(lead(1), lead(700))
    project.sync()
    table.insert(lead(699, updated_at=at(200)))  # a transaction that began eight minutes before it committed
    late = project.sync()
    assert (late.run["new"], late.run["unchanged"]) == (1, 1)
    assert hatch.ids()[2:] == ["699"]
    assert project.sync().run["staged"] == 0, "looking back re-reads, and never re-sends"


def test_p2_a_change_of_ignored_fields_alone_sends_nothing(project, table, hatch):
    table.insert(lead(1))
    project.sync()
    table.update(1, updated_at=at(50))
    assert project.sync().run["unchanged"] == 1
    table.update(1, updated_at=at(60), status="won")
    assert project.sync().run["changed"] == 1
    assert [each["status"] for each in hatch.leads()] == ["new", "won"]


def test_p2_there_and_back_again_before_it_was_sent_sends_nothing(project, table, hatch):
    table.insert(lead(1, plan="A"))
    project.sync()
    hatch.go_down()
    table.update(1, plan="B", updated_at=at(10))
    down = project.sync(code=3)
    assert (down.run["changed"], down.delivery["pending"]) == (1, 1)
    table.update(1, plan="A", updated_at=at(20))
    project.sync(code=None)
    hatch.come_back()
    last = project.sync()
    assert (last.delivery["accepted"], last.delivery["pending"]) == (0, 0)
    assert [each["plan"] for each in hatch.leads()] == ["A"]
    assert project.states() == {"accepted": 1}


def test_p2_there_and_back_again_with_each_sent_is_three_requests(project, table, hatch):
    table.insert(lead(1, plan="A"))
    project.sync()
    for number, plan in enumerate(("B", "A"), 1):
        table.update(1, plan=plan, updated_at=at(number * 10))
        project.sync()
    assert [each["plan"] for each in hatch.leads()] == ["A", "B", "A"]
    assert hatch.texts() == 1


def test_an_older_version_read_later_is_not_staged(project, table, hatch):
    table.insert(lead(1, plan="new", updated_at=at(100)))
    project.sync()
    project.set(lookback="1h")
    table.update(1, plan="old", updated_at=at(50))  # a stale replica answers
    assert project.sync().run["staged"] == 0
    assert [each["plan"] for each in hatch.leads()] == ["new"]


def test_p2_a_sheet_that_becomes_a_workbook_keeps_its_keys(project, sheet, hatch):
    write_sheet(sheet, leads(3))
    project.sync()
    book = Workbook()
    book.active.append(COLUMNS)
    for row in leads(4):
        book.active.append([float(row["id"]), *(row[name] for name in COLUMNS[1:])])
    book.save(project.path("leads.xlsx"))
    project.set(path="leads.xlsx", renamed_from="leads.csv")
    again = project.sync()
    assert (again.run["unchanged"], again.run["new"]) == (3, 1)
    assert hatch.ids()[3:] == ["4"]
