"""docs/operations.md: what it says to do is done, with the commands as they stand there."""

from __future__ import annotations

import shlex
import sqlite3
from contextlib import closing

from tests.docs.pages import blocks
from tests.lead_rows import at, lead, leads

PAGE = "docs/operations.md"
BLOCKS = [
    [shlex.split(line, comments=True)[1:] for line in block.text.splitlines()]
    for block in blocks("sh")
    if block.page == PAGE
]
COMMANDS = [words for block in BLOCKS for words in block]
RESTORE = next(block for block in BLOCKS if ["leads", "--state", "held"] in block)
FORGET = next(words for words in COMMANDS if words[:2] == ["state", "reset"])


def test_p2_a_restored_backup_sends_nothing_again(project, table, hatch):
    store, backup = project.path("leadrelay.db"), project.path("backup.db")
    table.insert(*leads(5))
    project.sync()
    _copy(store, backup)
    table.insert(lead(6))
    table.update(2, plan="silver", updated_at=at(60))
    project.sync()
    assert sorted(hatch.ids()) == ["1", "2", "2", "3", "4", "5", "6"]

    for leftover in ("leadrelay.db", "leadrelay.db-wal", "leadrelay.db-shm"):
        project.path(leftover).unlink(missing_ok=True)
    _copy(backup, store)
    assert [words[0] for words in RESTORE] == ["sync", "leads", "discard"]
    for words in RESTORE:
        project.call(*words, code=None)
    assert project.states() == {"accepted": 4, "discarded": 2}
    assert project.sync().delivery["accepted"] == 0
    assert len(hatch.ids()) == 7
    table.update(6, plan="silver", updated_at=at(90))
    project.sync()
    assert hatch.ids()[7:] == ["6"], "what changes from now on goes as usual"


def test_p10_a_source_that_is_forgotten_leaves_nothing_of_its_leads(project, table):
    table.insert(*leads(3))
    project.sync()
    assert FORGET == ["state", "reset", "crm", "--all"]
    project.call(*FORGET, "--yes")
    assert project.states() == {}
    for name in ("crm:1", "lead1@example.com", "(804) 555-0101"):
        assert "No lead is known" in project.call("trace", name, code=1).out


def _copy(source, target):
    """Copy a database as `sqlite3 FILE .backup` does."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)
