"""P9: what a poll costs does not grow with what the source holds."""

from __future__ import annotations

import os
import subprocess

from tests.lead_rows import at, leads, write_sheet
from tests.project import environment


def peak_kib(project, *arguments):
    """Run the command and return the most memory it had, in KiB."""
    process = subprocess.Popen(
        [project.command, *arguments],
        cwd=project.directory,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used.ru_maxrss


def test_p9_memory_does_not_grow_with_the_sheet(project, sheet):
    project.set(first_sync="now")  # all is read, mapped, compared and remembered; nothing is sent
    write_sheet(sheet, leads(2_000))
    small = peak_kib(project, "sync", "-q")
    write_sheet(sheet, leads(20_000))
    project.call("state", "reset", "crm", "--all", "--yes")
    assert peak_kib(project, "sync", "-q") <= 1.25 * small


def test_p9_a_poll_by_position_reads_what_is_new_and_no_more(project, table, hatch):
    # SQLite keeps times as text that may have no seconds: from the minute that the look-back begins in.
    most = 60 + 11
    project.set(first_sync="now", lookback="10s")
    table.insert(*leads(5_000))
    project.sync()
    assert project.sync().run["polled"] <= most, "the look-back, whatever the table holds"
    table.update(17, plan="silver", updated_at=at(6_000))
    assert project.sync().run["polled"] <= most + 1
    assert hatch.ids() == ["17"]
