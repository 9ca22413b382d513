"""Files of a real OpenSSH server: found by a path or a glob, and read whole, in one state, or not at all."""

from __future__ import annotations

import os
import time
import tracemalloc
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sources._files.place import place_of
from sources._files.sftp import SftpStore
from sources._files.sftp_settings import SftpSettings
from sources._files.store import NotThere
from sources.errors import BadConfig, Denied, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sources._files.store import Entry
    from tests.sshd_server import Folder

ADA, BOB = b"Lead ID,Name\n1,Ada\n", b"Lead ID,Name\n2,Bob\n"
CHANGED = "changed while it was being read; it will be read again at the next poll"


@contextmanager
def store(folder: Folder, wanted: str = "leads.csv", **other: Any) -> Iterator[SftpStore]:
    """Open a store for a path or a glob of a folder."""
    place = place_of(folder.path(wanted))
    assert place is not None
    opened = SftpStore(place, SftpSettings(**folder.server.storage()), Path(), **other)
    try:
        yield opened
    finally:
        opened.close()
        opened.close()


def wanted_of(folder: Folder, below: str) -> str:
    """Return a path as the store spells it."""
    return f"{folder.directory}/{below}".removeprefix("/")


def found(folder: Folder, glob: str) -> list[str]:
    """Return what is listed for a glob, below the folder."""
    prefix = glob.partition("*")[0]
    with store(folder, glob) as opened:
        entries = list(
            opened.entries(wanted_of(folder, prefix), deep="/" in glob[len(prefix) :] or "**" in glob)
        )
    return sorted(each.path.removeprefix(wanted_of(folder, "")) for each in entries)


def entry(opened: SftpStore, folder: Folder, below: str = "leads.csv") -> Entry:
    return opened.entry(wanted_of(folder, below))


def test_a_listing_goes_only_where_the_glob_leads(ssh_folder: Folder) -> None:
    for below in ("leads-1.csv", "leads-2.csv", "jobs.csv", "leads-old/3.csv", "2026/01/leads-4.csv"):
        ssh_folder.put(below, ADA)
    private = ssh_folder.directory / "private"
    private.mkdir(mode=0)
    assert found(ssh_folder, "leads-*.csv") == ["leads-1.csv", "leads-2.csv"]
    assert found(ssh_folder, "leads*/*.csv") == ["leads-1.csv", "leads-2.csv", "leads-old/3.csv"]
    assert "2026/01/leads-4.csv" in found(ssh_folder, "2*/**/leads-*.csv")
    with store(ssh_folder) as opened:
        for empty in ("nowhere/", "jobs.csv/"):
            assert list(opened.entries(wanted_of(ssh_folder, empty), deep=False)) == []
    with pytest.raises(Denied, match=r"/private may not be read by .*: its permissions forbid it"):
        found(ssh_folder, "**/leads-*.csv")
    private.chmod(0o755)
    assert found(ssh_folder, "**/leads-*.csv")[0] == "2026/01/leads-4.csv"


def test_links_are_followed_and_never_around_in_a_circle(ssh_folder: Folder) -> None:
    ssh_folder.put("real/leads.csv", ADA)
    (ssh_folder.directory / "real" / "back").symlink_to(ssh_folder.directory)
    (ssh_folder.directory / "link.csv").symlink_to("real/leads.csv")
    (ssh_folder.directory / "gone.csv").symlink_to("nowhere")
    assert found(ssh_folder, "*.csv") == ["link.csv"]
    assert found(ssh_folder, "**/leads.csv") == [
        "link.csv",
        "real/back/link.csv",
        "real/back/real/leads.csv",
        "real/leads.csv",
    ]
    with store(ssh_folder) as opened:
        assert entry(opened, ssh_folder, "link.csv").size == len(ADA)


def test_a_path_from_the_users_own_folder(ssh_folder: Folder) -> None:
    ssh_folder.put("leads.csv", ADA)
    with store(ssh_folder) as opened:
        own = opened.entry(f"~/{ssh_folder.directory.name}/leads.csv")
        assert b"".join(opened.pieces(own)) == ADA
        assert [each.size for each in opened.entries(f"~/{ssh_folder.directory.name}/", deep=False)] == [
            len(ADA)
        ]
        assert list(opened.entries("~/nothing", deep=False)) == []


def test_what_can_not_be_read_is_said(ssh_folder: Folder) -> None:
    (ssh_folder.directory / "sub").mkdir()
    os.mkfifo(ssh_folder.directory / "pipe")
    ssh_folder.put("secret.csv", ADA).chmod(0)
    (ssh_folder.directory / "odd").mkdir()
    (Path(os.fsdecode(os.fsencode(ssh_folder.directory / "odd") + b"/caf\xe9.csv"))).write_bytes(ADA)
    with store(ssh_folder) as opened:
        with pytest.raises(NotThere, match=r"sftp://\w+@127\.0\.0\.1:\d+/.*/no\.csv is not there"):
            entry(opened, ssh_folder, "no.csv")
        with pytest.raises(BadConfig, match=r"sub is a directory; name .* as in sub/\*\.csv") as caught:
            entry(opened, ssh_folder, "sub")
        assert caught.value.setting == "path"
        with pytest.raises(BadConfig, match="pipe is not a regular file"):
            entry(opened, ssh_folder, "pipe")
        secret = entry(opened, ssh_folder, "secret.csv")
        with pytest.raises(Denied, match=r"secret\.csv may not be read by"):
            list(opened.pieces(secret))
        with pytest.raises(BadConfig, match="odd holds a file whose name is not UTF-8"):
            list(opened.entries(wanted_of(ssh_folder, "odd/"), deep=False))


def test_p1_a_file_that_changed_after_it_was_found_is_not_read(ssh_folder: Folder) -> None:
    file = ssh_folder.put("leads.csv", ADA)
    with store(ssh_folder) as opened:
        for change in (
            lambda: ssh_folder.put("leads.csv", BOB),  # only the time differs
            lambda: (file.write_bytes(ADA * 2), os.utime(file, (1_780_000_000, 1_780_000_000))),
            lambda: ssh_folder.put("leads.tmp", BOB).replace(file),
        ):
            before = entry(opened, ssh_folder)
            change()
            assert entry(opened, ssh_folder).revision != before.revision
            with pytest.raises(Unavailable, match=rf"leads\.csv {CHANGED}"):
                list(opened.pieces(before))
        before = entry(opened, ssh_folder)
        file.unlink()
        with pytest.raises(Unavailable, match=r"leads\.csv is not there"):
            list(opened.pieces(before))


def test_p1_a_file_that_changes_while_it_is_read_is_never_half_read(ssh_folder: Folder) -> None:
    long = b"Lead ID\n" + b"1234567\n" * 600_000
    file = ssh_folder.put("leads.csv", long)

    def grow() -> None:
        with file.open("ab") as handle:
            handle.write(b"7654321\n")

    with store(ssh_folder) as opened:
        for change in (grow, lambda: os.truncate(file, 100_000)):
            ssh_folder.put("leads.csv", long)
            pieces = opened.pieces(entry(opened, ssh_folder))
            next(pieces)
            change()
            with pytest.raises(Unavailable, match=CHANGED):
                list(pieces)
        ssh_folder.put("leads.csv", long)
        pieces = opened.pieces(entry(opened, ssh_folder))
        start = next(pieces)
        ssh_folder.put("leads.tmp", BOB).replace(file)  # this one stays whole, and is read to its end
        assert start + b"".join(pieces) == long
        assert b"".join(opened.pieces(entry(opened, ssh_folder))) == BOB


def test_p1_a_last_row_without_an_end_has_to_stand_still(ssh_folder: Folder) -> None:
    now = time.time()
    slept: list[float] = []

    def finish(seconds: float) -> None:
        slept.append(seconds)
        with (ssh_folder.directory / "cut.csv").open("ab") as handle:
            handle.write(b"0123\n")

    ssh_folder.put("cut.csv", b"Lead ID,Phone\n1,804555", now)
    ssh_folder.put("ended.csv", ADA, now)
    ssh_folder.put("old.csv", ADA.rstrip())
    ssh_folder.put("book.xlsx", b"PK\x03\x04 and so on", now)
    ssh_folder.put("empty.csv", b"")
    with store(ssh_folder, sleep=finish) as opened:
        for whole, size in (("ended.csv", 19), ("old.csv", 18), ("book.xlsx", 14), ("empty.csv", 0)):
            assert len(b"".join(opened.pieces(entry(opened, ssh_folder, whole)))) == size
        assert slept == []
        with pytest.raises(Unavailable, match=rf"cut\.csv {CHANGED}"):
            list(opened.pieces(entry(opened, ssh_folder, "cut.csv")))
        assert slept == [2.0]
        assert list(opened.pieces(entry(opened, ssh_folder, "cut.csv")))[-1].endswith(b"8045550123\n")


def test_p9_a_large_file_is_never_in_memory(ssh_folder: Folder) -> None:
    ssh_folder.put("leads.csv", b"1234567\n" * (1 << 20))
    with store(ssh_folder) as opened:
        large = entry(opened, ssh_folder)
        tracemalloc.start()
        try:
            assert sum(map(len, opened.pieces(large))) == large.size == 8 << 20
            assert tracemalloc.get_traced_memory()[1] < 5 << 20
        finally:
            tracemalloc.stop()
        pieces = opened.pieces(large)
        next(pieces)
        pieces.close()  # type: ignore[attr-defined]
        assert entry(opened, ssh_folder) == large, "and the connection is as good as before"
