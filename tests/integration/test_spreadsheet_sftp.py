"""Sheets on a real OpenSSH server, read by the spreadsheet source."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from sources.errors import BadConfig, Denied, Unavailable
from tests.sheet_files import pages, records, source, xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from sources.spreadsheet import Spreadsheet
    from tests.sshd_server import Folder

ADA, BOB = b"Lead ID,Name\n1,Ada\n", b"Lead ID,Name\n2,Bob\n"


def reading(directory: Path, folder: Folder, below: str, **storage: Any) -> Spreadsheet:
    return source(directory, folder.path(below), storage=folder.server.storage(**storage))


async def test_files_of_a_glob_are_read_and_not_fetched_again_until_one_changes(
    tmp_path: Path, ssh_folder: Folder
) -> None:
    ssh_folder.put("leads-1.csv", ADA)
    ssh_folder.put("2026/leads-2.csv", BOB)
    ssh_folder.put("leads-3.csv.filepart", b"Lead ID,Na")
    spreadsheet = reading(tmp_path, ssh_folder, "**/leads-*")
    found = await pages(spreadsheet)
    assert [(each.key, each.where) for page in found for each in page.records] == [
        ("2", "2026/leads-2.csv, row 2"),
        ("1", "leads-1.csv, row 2"),
    ]
    for file in ssh_folder.directory.rglob("*.csv"):
        file.chmod(0)  # whoever fetched one now would be refused
    [again] = await pages(spreadsheet, position=found[-1].position)
    assert (again.records, again.position, again.last) == ([], found[-1].position, True)
    with pytest.raises(Denied):
        await pages(spreadsheet)
    for file in ssh_folder.directory.rglob("*.csv"):
        file.chmod(0o644)
    ssh_folder.put("leads-1.csv", ADA + b"3,Cy\n")
    changed = await records(spreadsheet, position=found[-1].position)
    assert [each.key for each in changed] == ["2", "1", "3"]


async def test_a_workbook_is_looked_at(tmp_path: Path, ssh_folder: Folder) -> None:
    book = xlsx(tmp_path / "a.xlsx", [["Lead ID", "Name"], [1, "Ada"]]).read_bytes()
    ssh_folder.put("leads [1].xlsx", book)
    spreadsheet = reading(tmp_path, ssh_folder, "leads [1].xlsx")
    said = "leads [1].xlsx, sheet Leads: 2 columns (Lead ID, Name), header in row 1"
    assert await spreadsheet.check() == said
    assert ssh_folder.server.key.splitlines()[1] not in repr(spreadsheet._settings)


async def test_what_is_not_there_is_waited_for_by_a_poll_and_wrong_for_a_check(
    tmp_path: Path, ssh_folder: Folder
) -> None:
    for below, said in (("no.csv", r"no\.csv is not there"), ("no*.csv", "no file matches sftp://")):
        with pytest.raises(Unavailable, match=said):
            await pages(reading(tmp_path, ssh_folder, below))
    with pytest.raises(BadConfig, match=said) as caught:
        await reading(tmp_path, ssh_folder, below).check()
    assert caught.value.setting == "path"


async def test_a_package_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("sources._files.sftp")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "paramiko", None)
    with pytest.raises(BadConfig) as caught:
        await source(tmp_path, "sftp://leads@example.com/a.csv").check()
    assert str(caught.value) == "sftp:// needs paramiko, which is missing: pip install 'leadrelay[sftp]'"
