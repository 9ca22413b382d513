"""When a workbook in OneDrive or SharePoint is read: saves, renames, tags that lie, content that lags."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sources.base import Position
from sources.errors import Unavailable
from tests.crm_scene import keys, polled, position_of
from tests.doubles.microsoft_excel import xlsx_of
from tests.excel_scene import workbook

HEADER = ["Lead ID", "name"]


def numbered(count: int) -> list[list[Any]]:
    return [HEADER, *([f"L{number}", "Ada"] for number in range(1, count + 1))]


async def test_p9_a_workbook_that_nobody_saved_is_not_downloaded() -> None:
    async with workbook(*numbered(2)) as (graph, source):
        position = position_of(await polled(source))
        asked = len(graph.api.asked)
        again = await polled(source, position)
        assert [(len(page.records), page.position, page.last) for page in again] == [(0, position, True)]
        assert len(graph.downloads) == 1
        assert len(graph.api.asked) == asked + 1
        graph.file.save(xlsx_of(*numbered(3)))
        assert keys(await polled(source, position)) == ["L1", "L2", "L3"]


async def test_a_rename_costs_a_download_and_no_row() -> None:
    async with workbook(*numbered(2)) as (graph, source):
        position = position_of(await polled(source))
        graph.file.name, graph.file.tag, graph.file.content_tag = (
            "Leads 2.xlsx",
            2,
            2,
        )  # both tags move with it
        [page] = await polled(source, position)
        assert (page.records, page.last) == ([], True)
        assert page.position not in (None, position)
        await polled(source, page.position)
        assert len(graph.downloads) == 2


async def test_p1_an_edit_that_leaves_the_tag_of_the_content_alone_is_read() -> None:
    async with workbook(*numbered(2)) as (graph, source):
        position = position_of(await polled(source))
        graph.file.save(xlsx_of(*numbered(3)))
        graph.file.content_tag = 1
        assert keys(await polled(source, position)) == ["L1", "L2", "L3"]


async def test_p1_content_that_is_older_than_its_tags_is_read_again_once_it_has_come() -> None:
    async with workbook(*numbered(2)) as (graph, source):
        position = position_of(await polled(source))
        graph.file.stale = graph.file.content
        graph.file.save(xlsx_of(*numbered(3)))
        graph.file.saved = graph.clock.now() - timedelta(seconds=5)
        [page] = await polled(source, position)
        assert page.records == []
        graph.file.stale = None
        found = await polled(source, page.position)
        assert keys(found) == ["L1", "L2", "L3"]
        for _ in range(3):
            graph.clock.time += timedelta(minutes=1)
            [page] = await polled(source, position_of(found))
            assert page.records == []
            found = [page]
        # The two before, one a minute until the save is two minutes old, and from then on none.
        assert len(graph.downloads) == 1 + 2 + 2


@pytest.mark.parametrize("ahead", [timedelta(seconds=3), timedelta(days=9)])
async def test_a_time_in_the_future_keeps_nothing_from_being_read(ahead: timedelta) -> None:
    async with workbook(*numbered(2)) as (graph, source):
        graph.file.saved = graph.clock.now() + ahead
        position = position_of(await polled(source))
        graph.file.save(xlsx_of(*numbered(3)))
        assert keys(await polled(source, position)) == ["L1", "L2", "L3"]


async def test_p1_a_save_while_the_workbook_is_fetched_is_read_by_the_next_poll() -> None:
    async with workbook(*numbered(2)) as (graph, source):
        before = graph.file.content
        graph.file.stale = before
        graph.meanwhile = [lambda: graph.file.save(xlsx_of(*numbered(3)))]
        found = await polled(source)
        assert keys(found) == ["L1", "L2"]
        graph.file.stale = None
        assert keys(await polled(source, position_of(found))) == ["L1", "L2", "L3"]


@pytest.mark.parametrize("broken", [b"", b"PK\x03\x04 half of a workbook"])
async def test_p1_a_file_that_is_half_saved_fails_the_poll_and_moves_nothing(broken: bytes) -> None:
    async with workbook(*numbered(2)) as (graph, source):
        position = position_of(await polled(source))
        graph.file.save(broken)
        with pytest.raises(Unavailable, match=r"Leads\.xlsx is (empty|not a complete workbook)"):
            await polled(source, position)
        graph.file.save(xlsx_of(*numbered(3)))
        assert keys(await polled(source, position)) == ["L1", "L2", "L3"]


async def test_other_fields_are_read_from_an_unchanged_workbook() -> None:
    async with workbook(*numbered(2)) as (_, source):
        position = position_of(await polled(source, fields=frozenset({"Lead ID"})))
        found = await polled(source, position, fields=frozenset({"Lead ID", "name"}))
        assert keys(found) == ["L1", "L2"]


@pytest.mark.parametrize("token", [None, "[]", '{"rules": 1}', '{"other": 1}'])
async def test_a_position_of_another_version_reads_everything(token: str | None) -> None:
    async with workbook(*numbered(2)) as (_, source):
        assert keys(await polled(source, Position(token=token))) == ["L1", "L2"]


async def test_fetching_reads_everything_and_gives_what_is_asked_for() -> None:
    async with workbook(*numbered(3)) as (graph, source):
        assert [record.key for record in await source.fetch(["L2", "L9"])] == ["L2"]
        asked = len(graph.api.asked)
        assert await source.fetch([]) == []
        assert len(graph.api.asked) == asked
