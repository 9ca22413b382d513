"""Files that are watched: every way in which programs save, and what is no save."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from sources.base import TellsOfChanges
from sources.errors import Unavailable
from tests.hint_kit import hearing
from tests.sheet_files import source

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "Lead ID,Name\n1,Ada\n"


@pytest.fixture
def leads(tmp_path: Path) -> Path:
    path = tmp_path / "leads.csv"
    path.write_text(TEXT)
    return path


def write(path: Path, text: str) -> None:
    path.write_text(text)


def append(path: Path, *lines: str) -> None:
    with path.open("a") as file:
        for line in lines:
            file.write(line)
            file.flush()


def read_and_protect(path: Path) -> None:
    path.read_text()
    path.chmod(0o600)


def move(path: Path, name: str) -> None:
    path.rename(path.with_name(name))


def remove(path: Path) -> None:
    path.unlink()


def replace(path: Path, text: str) -> None:
    beside = path.with_name("~new.tmp")
    beside.write_text(text)
    beside.replace(path)


async def test_a_save_in_place_an_append_and_a_rename_are_heard(leads: Path, tmp_path: Path) -> None:
    sheet = source(tmp_path, "leads.csv")
    assert isinstance(sheet, TellsOfChanges)
    async with hearing(sheet.hints()) as heard:
        write(leads, TEXT + "2,Bob\n")
        await heard.next()
        append(leads, "3,Cyd\n")
        await heard.next()
        replace(leads, TEXT + "4,Dee\n")
        await heard.next()
        move(leads, "leads.bak")  # as some editors do before they write a new file
        write(leads, TEXT + "5,Eve\n")
        await heard.next()


async def test_what_others_do_beside_it_is_no_save(leads: Path, tmp_path: Path) -> None:
    async with hearing(source(tmp_path, "leads.csv").hints()) as heard:
        (tmp_path / "~$leads.csv").write_text("lock")
        (tmp_path / "other.csv").write_text(TEXT)
        read_and_protect(leads)
        assert await heard.settle() == 0
        write(leads, TEXT + "2,Bob\n")
        await heard.next()


async def test_a_glob_hears_of_new_files_and_of_no_temporary_ones(leads: Path, tmp_path: Path) -> None:
    async with hearing(source(tmp_path, "*.csv").hints()) as heard:
        (tmp_path / "more.csv").write_text(TEXT)
        await heard.next()
        (tmp_path / "more.csv.part").write_text(TEXT)
        (tmp_path / ".hidden.csv").write_text(TEXT)
        (tmp_path / "more.txt").write_text(TEXT)
        assert await heard.settle() == 0
        (tmp_path / "more.csv.part").rename(tmp_path / "third.csv")
        await heard.next()


async def test_a_glob_hears_of_files_in_new_directories(tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    async with hearing(source(tmp_path, "exports/*/leads.csv").hints()) as heard:
        (exports / "monday").mkdir()
        (exports / "monday" / "leads.csv").write_text(TEXT)
        await heard.next()


async def test_a_file_that_is_not_there_yet_is_heard_of_when_it_comes(tmp_path: Path) -> None:
    async with hearing(source(tmp_path, "leads.csv").hints()) as heard:
        (tmp_path / "leads.csv").write_text(TEXT)
        await heard.next()


async def test_a_file_that_goes_away_is_no_news(leads: Path, tmp_path: Path) -> None:
    async with hearing(source(tmp_path, "leads.csv").hints()) as heard:
        remove(leads)
        assert await heard.settle() == 0
        write(leads, TEXT)
        await heard.next()


async def test_where_a_link_leads_is_watched_too(leads: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    (here / "link.csv").symlink_to(leads)
    async with hearing(source(here, "link.csv").hints()) as heard:
        replace(leads, TEXT + "2,Bob\n")
        await heard.next()


async def test_many_writes_at_once_are_few_hints(leads: Path, tmp_path: Path) -> None:
    async with hearing(source(tmp_path, "leads.csv").hints()) as heard:
        append(leads, *(f"{number},Ada\n" for number in range(2000)))
        await heard.next()
        assert await heard.settle() <= 4


async def test_a_file_that_was_emptied_to_be_filled_is_left_to_settle(leads: Path, tmp_path: Path) -> None:
    write(leads, "Lead ID,Name\n" + "".join(f"{number},Ada\n" for number in range(1000)))
    sheet = source(tmp_path, "leads.csv")
    async with hearing(sheet.hints()) as heard:
        write(leads, "Lead ID,Name\n")
        await heard.next()
    assert sheet._clock.slept[:1] == [2.0], "it stood still for so long before anybody was told"


async def test_a_directory_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="its directory is not there"):
        async with hearing(source(tmp_path, "exports/leads.csv").hints()) as heard:
            await heard.next()


async def test_a_directory_that_another_one_replaces_is_watched_again(leads: Path, tmp_path: Path) -> None:
    exports, other = tmp_path / "exports", tmp_path / "other"
    for directory in (exports, other):
        directory.mkdir()
        (directory / "leads.csv").write_text(TEXT)
    (other / "leads.csv").write_text(TEXT + "2,Bob\n")
    async with hearing(source(tmp_path, "exports/leads.csv").hints()) as heard:
        exports.rename(tmp_path / "away")
        other.rename(exports)
        await heard.next()
        (exports / "leads.csv").write_text(TEXT + "3,Cyd\n")
        await heard.next()


@pytest.mark.parametrize(
    ("path", "settings"), [("leads.csv", {"watch": False}), ("https://files.example.com/leads.csv", {})]
)
async def test_what_is_not_watched_tells_nothing(
    tmp_path: Path, path: str, settings: dict[str, bool]
) -> None:
    (tmp_path / "leads.csv").write_text(TEXT)
    async with asyncio.timeout(10):
        assert [hint async for hint in source(tmp_path, path, **settings).hints()] == []
