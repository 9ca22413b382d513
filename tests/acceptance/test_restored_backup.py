"""P5: a state store that was restored from a backup does not know what was sent since: hold, don't blast."""

from __future__ import annotations

import json
import shutil

from tests.lead_rows import at, lead, leads, write_sheet

SINCE = "what was sent since is not known here"


def backed_up(project) -> bytes:
    """Return the state file as a backup after a clean end has it."""
    assert (
        not project.path("leadrelay.db-wal").exists() or not project.path("leadrelay.db-wal").stat().st_size
    )
    return project.path("leadrelay.db").read_bytes()


def restore(project, backup: bytes) -> None:
    for rest in ("-wal", "-shm"):
        project.path(f"leadrelay.db{rest}").unlink(missing_ok=True)
    project.path("leadrelay.db").write_bytes(backup)


def test_p5_a_restored_backup_sends_nothing_twice_and_holds_what_it_does_not_know(project, table, hatch):
    table.insert(*leads(3))
    project.sync()
    backup = backed_up(project)
    table.insert(*leads(4, first=4))
    project.sync()
    table.insert(lead(8))
    restore(project, backup)
    answer = project.sync(code=1)
    assert "the state store was restored from a backup of 20" in answer.err
    assert SINCE in answer.run["held_reason"]
    assert (answer.run["held"], answer.delivery["accepted"]) == (5, 0)
    assert len(hatch.requests()) == 7
    status = project.call("status", "--strict", code=1)
    assert SINCE in status.out
    assert set(project.reasons("held").values()) == {answer.run["held_reason"]}

    table.insert(lead(9))
    table.update(1, plan="silver", updated_at=at(9_000_000))
    after = project.sync()
    assert (after.run["held_reason"], after.delivery["accepted"]) == (None, 2), "then it goes on as ever"
    project.call("discard", "crm:4", "crm:5", "crm:6", "crm:7", "--yes")
    project.call("approve", "crm:8", "--yes")
    assert project.sync().delivery["accepted"] == 1
    assert sorted(hatch.ids()) == ["1", *"123456789"], "the change of 1, and each of the others once"


def test_p5_what_waited_when_the_backup_was_made_is_held_as_well(project, table, hatch):
    table.insert(*leads(3))
    project.call("pause", "--endpoint", "default")
    project.sync(code=None)
    backup = backed_up(project)
    project.call("resume", "--endpoint", "default")
    assert project.sync().delivery["accepted"] == 3
    restore(project, backup)
    project.call("resume", "--endpoint", "default")
    answer = project.sync(code=1)
    assert (answer.delivery["accepted"], answer.delivery["held"]) == (0, 3)
    assert project.states() == {"held": 3}
    assert len(hatch.requests()) == 3


def test_p5_a_first_sync_in_a_new_file_beside_the_mark_of_an_old_one_is_held(project, sheet, hatch):
    write_sheet(sheet, leads(3))
    project.sync()
    project.path("leadrelay.db").unlink()
    answer = project.sync(code=1)
    assert "another state store stood here before" in answer.run["held_reason"]
    assert (answer.run["held"], len(hatch.requests())) == (3, 3)
    project.path("leadrelay.db").unlink()
    project.path("leadrelay.db.mark").unlink()
    assert project.sync().delivery["accepted"] == 3, "without the mark it is a beginning anew"


def test_the_mark_keeps_up_and_may_be_missing_or_broken(project, table, hatch):
    table.insert(*leads(30))
    project.sync()
    mark = project.path("leadrelay.db.mark")
    assert json.loads(mark.read_bytes())["reached"] == 30
    for broken in (b"", b"{", b"[]", b'{"store": 1}'):
        mark.write_bytes(broken)
        project.sync()
    assert json.loads(mark.read_bytes())["reached"] == 30
    mark.unlink()
    table.insert(lead(31))
    assert project.sync().delivery["accepted"] == 1
    assert json.loads(mark.read_bytes())["reached"] == 31


def test_a_project_that_was_copied_whole_goes_on(project, table, hatch, tmp_path):
    table.insert(*leads(3))
    project.sync()
    shutil.copytree(project.directory, tmp_path / "copy")
    project.directory = tmp_path / "copy"
    assert project.sync().run["staged"] == 0
