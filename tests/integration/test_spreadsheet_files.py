"""Paths, globs, revisions, and files that change while they are looked at."""

from __future__ import annotations

import datetime as dt
import os
import tracemalloc
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sources.base import KeysArePlaces, KnowsFields, Page, PollRequest, Source
from sources.errors import BadConfig, Denied, Unavailable
from tests.sheet_files import only, pages, records, rows, source, xlsx

if TYPE_CHECKING:
    from collections.abc import Callable

    from sources.spreadsheet import Spreadsheet

TEXT = "Lead ID,Name\n1,Ada\n2,Bob\n"


async def each_page(spreadsheet: Spreadsheet, size: int, do: Callable[[Page], object]) -> None:
    """Do something with each page while the source is in the middle of its file."""
    async for page in spreadsheet.poll(PollRequest(page_size=size)):
        do(page)


def forbid(path: Path) -> None:
    path.chmod(0)


def modified(path: Path) -> int:
    return path.stat().st_mtime_ns


@pytest.fixture
def leads(tmp_path: Path) -> Path:
    path = tmp_path / "leads.csv"
    path.write_text(TEXT)
    return path


def test_it_is_a_source_that_knows_its_fields(tmp_path: Path) -> None:
    spreadsheet = source(tmp_path, "leads.csv")
    assert isinstance(spreadsheet, Source)
    assert isinstance(spreadsheet, KnowsFields)
    assert isinstance(spreadsheet, KeysArePlaces)
    assert not spreadsheet.keys_are_places
    assert source(tmp_path, "leads.csv", key="row").keys_are_places


async def test_p9_an_unchanged_file_is_not_read(tmp_path: Path, leads: Path) -> None:
    first = await only(source(tmp_path, "leads.csv"))
    stood = modified(leads)
    with leads.open("r+b") as handle:  # the same size and time, other bytes: a reader would notice
        handle.write(b"\xff\xff\xff\xff")
    os.utime(leads, ns=(stood, stood))
    again = await pages(source(tmp_path, "leads.csv"), position=first.position)
    assert [(page.records, page.position, page.last) for page in again] == [([], first.position, True)]


async def test_a_file_saved_again_is_read_again(tmp_path: Path, leads: Path) -> None:
    first = await only(source(tmp_path, "leads.csv"))
    os.utime(leads, ns=(0, modified(leads) + 1))
    again = await pages(source(tmp_path, "leads.csv"), position=first.position)
    assert [len(page.records) for page in again] == [2]
    assert again[0].position != first.position


async def test_a_file_put_in_its_place_is_read(tmp_path: Path, leads: Path) -> None:
    first = await only(source(tmp_path, "leads.csv"))
    other = tmp_path / "other.csv"
    other.write_text(TEXT.replace("Ada", "Eve"))
    os.utime(other, ns=(0, modified(leads)))
    other.replace(leads)
    again = await pages(source(tmp_path, "leads.csv"), position=first.position)
    assert again[0].records[0].fields["Name"] == "Eve"


@pytest.mark.parametrize(
    "edit",
    [
        {"key": "Name"},
        {"header_row": 1},
        {"encoding": "cp1252"},
        {"delimiter": ","},
        {"format": "csv"},
        {"sheet": 1},
        {"changed": "Name"},
    ],
)
@pytest.mark.usefixtures("leads")
async def test_an_edited_setting_reads_an_unchanged_file(tmp_path: Path, edit: dict[str, str]) -> None:
    first = await only(source(tmp_path, "leads.csv"))
    again = await pages(source(tmp_path, "leads.csv", **edit), position=first.position)
    assert [len(page.records) for page in again] == [2]


@pytest.mark.usefixtures("leads")
async def test_a_mapping_that_reads_other_fields_reads_an_unchanged_file(tmp_path: Path) -> None:
    spreadsheet, name = source(tmp_path, "leads.csv"), frozenset({"Name"})
    first = (await pages(spreadsheet, fields=name))[0]
    assert [record.fields for record in first.records] == [{"Name": "Ada"}, {"Name": "Bob"}]
    assert [len(p.records) for p in await pages(spreadsheet, position=first.position, fields=name)] == [0]
    assert [len(p.records) for p in await pages(spreadsheet, position=first.position)] == [2]


@pytest.mark.parametrize("token", ["", "garbage", "[]", "null", '{"other": 1}', '{"rules": 1}'])
@pytest.mark.usefixtures("leads")
async def test_a_position_of_another_kind_reads_everything(tmp_path: Path, token: str) -> None:
    from sources.base import Position

    assert len(await records(source(tmp_path, "leads.csv"), position=Position(token=token))) == 2


async def test_pages_and_the_position_on_the_last_alone(tmp_path: Path) -> None:
    lines = "".join(f"{n},Ada\n" for n in range(10))
    (tmp_path / "leads.csv").write_text(f"Lead ID,Name\n{lines}")
    found = await pages(source(tmp_path, "leads.csv"), page_size=4)
    assert [len(page.records) for page in found] == [4, 4, 2]
    assert [page.last for page in found] == [False, False, True]
    assert [page.position is None for page in found] == [True, True, False]


async def test_p9_memory_does_not_grow_with_a_text_file(tmp_path: Path) -> None:
    peaks = []
    for count in (4_000, 20_000):
        path = tmp_path / f"{count}.csv"
        path.write_text("Lead ID,Notes\n" + "".join(f"{n},{'x' * 1000}\n" for n in range(count)))
        peaks.append(await peak(source(tmp_path, path.name)))
    assert peaks[1] < peaks[0] * 1.2


async def peak(spreadsheet: Spreadsheet) -> int:
    """Return the most bytes that were held at once while a source was read page by page."""
    tracemalloc.start()
    try:
        await each_page(spreadsheet, 500, lambda _: None)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


async def test_a_file_written_to_while_it_is_read_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text("Lead ID,Name\n" + "".join(f"{n},Ada\n" for n in range(100)))
    found = []

    def append(page: Page) -> None:
        found.append(page)
        if len(found) == 1:
            with path.open("a") as handle:
                handle.write("100,Eve\n")

    with pytest.raises(
        Unavailable, match=r"leads.csv changed while it was being read; it will be read again"
    ):
        await each_page(source(tmp_path, "leads.csv"), 10, append)
    assert all(page.position is None for page in found)


async def test_a_file_cut_while_it_is_read_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text("Lead ID,Name\n" + "".join(f"{n},Zoë {'x' * 100}\n" for n in range(2000)))
    with pytest.raises(Unavailable, match="changed while it was being read"):
        await each_page(source(tmp_path, "leads.csv"), 10, lambda _: path.write_bytes(b"\xff\xff"))


async def test_a_file_replaced_while_it_is_read_is_read_to_its_end(tmp_path: Path) -> None:
    path, other = tmp_path / "leads.csv", tmp_path / "other.csv"
    path.write_text("Lead ID,Name\n" + "".join(f"{n},Ada\n" for n in range(100)))
    other.write_text("Lead ID,Name\n1,Eve\n")
    found = []
    async for page in source(tmp_path, "leads.csv").poll(PollRequest(page_size=10)):
        found.append(page)
        if other.exists():
            other.replace(path)
    assert {record.fields["Name"] for page in found for record in page.records} == {"Ada"}
    again = await pages(source(tmp_path, "leads.csv"), position=found[-1].position)
    assert [record.fields["Name"] for page in again for record in page.records] == ["Eve"]


async def test_a_poll_that_is_stopped_closes_its_file(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("Lead ID,Name\n" + "".join(f"{n},Ada\n" for n in range(100)))
    async with aclosing(source(tmp_path, "leads.csv").poll(PollRequest(page_size=10))) as poll:
        async for page in poll:
            assert len(page.records) == 10
            break
    assert not [name for name in open_files() if name.endswith("leads.csv")]


def open_files() -> list[str]:
    links = Path("/proc/self/fd").iterdir()
    return [str(link.readlink()) for link in links if link.is_symlink()]


async def test_a_missing_file_is_waited_for_and_a_check_says_what_is_wrong(tmp_path: Path) -> None:
    for path in ("leads.csv", "data/*.csv", "leads.csv/x.csv"):
        with pytest.raises(Unavailable, match=r"is not there|no file matches"):
            await rows(source(tmp_path, path))
        with pytest.raises(BadConfig, match=r"is not there|no file matches") as caught:
            await source(tmp_path, path).check()
        assert caught.value.setting == "path"


async def test_a_directory_wants_a_glob(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with pytest.raises(BadConfig, match=r"data is a directory; .* as in data/\*\.csv"):
        await source(tmp_path, "data").check()


async def test_no_regular_file_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(BadConfig, match=r"pipe.csv is not a regular file"):
        await rows(source(tmp_path, "pipe.csv"))


@pytest.mark.skipif(os.geteuid() == 0, reason="everything may be read by root")
async def test_a_file_that_may_not_be_read(tmp_path: Path, leads: Path) -> None:
    forbid(leads)
    with pytest.raises(Denied, match=r"leads.csv may not be read"):
        await rows(source(tmp_path, "leads.csv"))


async def test_paths_begin_at_home_or_at_the_root_too(
    tmp_path: Path, leads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for path in ("~/leads.csv", str(leads), "../leads.csv", "~/*.csv", f"{tmp_path}/l*.csv", "../*.csv"):
        assert len(await records(source(elsewhere, path))) == 2, path


async def test_a_name_with_brackets_is_a_file_where_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "leads [1].csv").write_text(TEXT)
    found = await records(source(tmp_path, "leads [1].csv"))
    assert found[0].where == "leads [1].csv, row 2"


@pytest.fixture
def months(tmp_path: Path) -> Path:
    for region, month, number in (("east", "jan", 1), ("east", "feb", 2), ("west", "jan", 3)):
        (tmp_path / "data" / region).mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / region / f"{month}.csv").write_text(f"Lead ID,Name\n{number},Ada\n")
    for name in ("~$jan.csv", ".jan.csv", "jan.csv~", "jan.csv.tmp", "jan.csv.part", ".~lock.jan.csv#"):
        (tmp_path / "data" / "east" / name).write_text("not,to be read\n")
    (tmp_path / "data" / "dir.csv").mkdir()
    return tmp_path


async def test_a_glob_reads_every_file_and_no_lock_or_half_file(months: Path) -> None:
    found = await records(source(months, "data/**/*", key="Lead ID"))
    assert [(record.key, record.where) for record in found] == [
        ("2", "east/feb.csv, row 2"),
        ("1", "east/jan.csv, row 2"),
        ("3", "west/jan.csv, row 2"),
    ]
    assert await source(months, "data/*/*.csv").check() == (
        "3 files; east/feb.csv: 2 columns (Lead ID, Name), header in row 1; utf-8, separated by commas"
    )


async def test_row_keys_of_a_glob_name_the_file(months: Path) -> None:
    assert [record.key for record in await records(source(months, "data/*/*.csv", key="row"))] == [
        "east/feb.csv|2",
        "east/jan.csv|2",
        "west/jan.csv|2",
    ]
    west = await records(source(months, "data/west/*.csv", key="row"))
    assert [record.key for record in west] == ["jan.csv|2"]


async def test_a_new_file_is_a_new_revision(months: Path) -> None:
    spreadsheet = source(months, "data/west/*.csv")
    first = (await pages(spreadsheet))[-1]
    assert [len(page.records) for page in await pages(spreadsheet, position=first.position)] == [0]
    (months / "data" / "west" / "feb.csv").write_text("Lead ID,Name\n4,Bob\n")
    assert sum(len(page.records) for page in await pages(spreadsheet, position=first.position)) == 2


async def test_p6_one_bad_file_does_not_keep_the_others_from_being_read(months: Path) -> None:
    (months / "data" / "east" / "bad.csv").write_text("Nothing,here\n1,2\n")
    (months / "data" / "east" / "cad.csv").write_text("")
    found = []
    said = r'bad.csv has no column "Lead ID".*; and 1 more file cannot be read either'
    with pytest.raises(BadConfig, match=said):
        await each_page(source(months, "data/*/*.csv"), 1, found.append)
    assert all(page.position is None for page in found)
    # The last page waits for the end, and the end is an error: the next poll reads all of it again.
    assert [record.key for page in found for record in page.records] == ["2", "1"]


async def test_files_of_a_glob_may_have_their_columns_in_any_order(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Lead ID,Name\n1,Ada\n")
    (tmp_path / "b.csv").write_text("City;Name;Lead ID\nRichmond;Bob;2\n")
    xlsx(tmp_path / "c.csv", [["Name", "Lead ID"], ["Cy", 3]])
    spreadsheet = source(tmp_path, "*.csv")
    assert [row["Name"] for row in await rows(spreadsheet)] == ["Ada", "Bob", "Cy"]
    assert await spreadsheet.fields() == ["Lead ID", "Name", "City"]


@pytest.mark.parametrize("path", ["ftp://example.com/leads.csv", "file:///leads.csv"])
async def test_other_schemes_are_not_of_this_version(tmp_path: Path, path: str) -> None:
    with pytest.raises(
        BadConfig, match="is not read by this version; there are paths, globs, s3://"
    ) as caught:
        await source(tmp_path, path).check()
    assert caught.value.setting == "path"
    with pytest.raises(BadConfig):
        await rows(source(tmp_path, path))


async def test_old_files_without_a_line_end_are_read_at_once(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text(TEXT.rstrip())
    an_hour_ago = dt.datetime.now(dt.UTC).timestamp() - 3600
    os.utime(path, (an_hour_ago, an_hour_ago))
    spreadsheet = source(tmp_path, "leads.csv")
    assert len(await records(spreadsheet)) == 2
    assert spreadsheet._clock.slept == []  # type: ignore[attr-defined]
