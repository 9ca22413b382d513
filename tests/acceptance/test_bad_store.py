"""A state store that can't be used: full, read-only, locked, damaged, newer: code 4, and nothing lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, contextmanager

import pytest

from tests.lead_rows import leads, write_sheet

SMALL = 40 * 1024 * 1024


@contextmanager
def mounted(directory, *options):
    """Mount something on a directory; only root can."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small disk")
    done = subprocess.run(["mount", *options, str(directory)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"this machine lets nobody mount a small disk: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(directory)], check=True)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of so many bytes as `SMALL` says."""
    directory = tmp_path / "disk"
    directory.mkdir()
    with mounted(directory, "-t", "tmpfs", "-o", f"size={SMALL}", "none"):
        yield directory


@contextmanager
def read_only(directory):
    """Let nobody write in a directory, not even root."""
    if os.geteuid() == 0:
        with mounted(directory, "--bind", "-o", "ro", str(directory)):
            yield
        return
    modes = {path: path.stat().st_mode for path in (directory, *directory.iterdir())}
    for path in modes:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


@pytest.mark.parametrize("free", [600, 1100, 1700])
def test_p1_a_full_disk_loses_nothing(project, sheet, hatch, small_disk, free):
    """The disk is full at once, while records are staged, or while leads are sent."""
    project.state = f"sqlite:///{small_disk}/leadrelay.db"
    project.endpoint.update(max_in_flight=8)
    project.save()
    write_sheet(sheet, leads(2000))
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"\0" * (SMALL - free * 1024))
    full = project.call("sync", "-q", code=4)
    assert "the disk is full" in full.err or "reading or writing it failed" in full.err
    assert "leadrelay.db" in full.err
    sent = len(hatch.ids())
    ballast.unlink()
    project.sync()
    assert sorted(map(int, set(hatch.ids()))) == list(range(1, 2001))
    assert len(hatch.ids()) - 2000 <= 8, f"{sent} were sent before; only those in the air may be again"


def test_a_read_only_state_file(project, sheet, hatch):
    directory = project.path("state")
    directory.mkdir()
    project.state = "sqlite:///state/leadrelay.db"
    project.save()
    write_sheet(sheet, leads(3))
    project.sync()
    write_sheet(sheet, leads(5))
    with read_only(directory):
        said = project.call("sync", "-q", code=4).err
    assert "state/leadrelay.db" in said
    assert "read-only" in said or "can't be opened" in said
    assert len(hatch.requests()) == 3
    assert project.sync().delivery["accepted"] == 2


def test_a_state_file_locked_by_another_process(project, sheet, hatch):
    write_sheet(sheet, leads(3))
    project.sync()
    write_sheet(sheet, leads(5))
    with closing(sqlite3.connect(project.path("leadrelay.db"), isolation_level=None)) as other:
        other.execute("begin immediate")
        assert "it is locked by another process" in project.call("sync", "-q", code=4).err
    assert len(hatch.requests()) == 3
    assert project.sync().delivery["accepted"] == 2


def test_a_state_file_that_is_none_or_is_damaged(project, sheet, hatch):
    write_sheet(sheet, leads(3))
    file = project.write("leadrelay.db", "Lead ID,Name\n" * 1000)
    assert "it is no SQLite database" in project.call("sync", "-q", code=4).err
    assert file.read_text().startswith("Lead ID"), "it is left as it was"
    assert "it is no SQLite database" in project.call("status", code=4).err
    file.unlink()
    assert project.sync().delivery["accepted"] == 3


def test_a_state_of_a_newer_version(project, sheet, hatch):
    write_sheet(sheet, leads(1))
    project.sync()
    with closing(sqlite3.connect(project.path("leadrelay.db"))) as database:
        database.execute("update alembic_version set version_num = '9999'")
        database.commit()
    write_sheet(sheet, leads(2))
    assert "from a newer leadrelay" in project.call("sync", "-q", code=4).err
    assert len(hatch.requests()) == 1


def test_a_state_server_that_is_not_there(project, sheet, hatch):
    project.secrets.append("made-up-pw")
    project.state = "postgresql://me:made-up-pw@127.0.0.1:1/x"
    project.save()
    write_sheet(sheet, leads(1))
    assert "127.0.0.1:1" in project.call("sync", "-q", code=4).err
    assert project.call("sync", "--json", code=4).document["error"]["kind"] == "store"
    assert hatch.requests() == []


def test_a_state_in_a_directory_that_is_not_there(project, sheet, hatch):
    write_sheet(sheet, leads(1))
    project.state = "sqlite:///no/such/place/leadrelay.db"
    project.save()
    assert "is its directory there" in project.call("sync", "-q", code=4).err
    assert hatch.requests() == []
