"""What holds for sources that can only be read whole."""

# ruff: noqa: S101 - a conformance suite asserts
from __future__ import annotations

from typing import TYPE_CHECKING

from sources._testing.reading import PAGE_SIZE, names_of, opened, poll, reached, records_of
from sources._testing.rig import leads
from sources.base import KnowsLatest

if TYPE_CHECKING:
    from sources._testing.rig import Rig

_MANY = 3 * PAGE_SIZE + 1


class BySnapshot:
    """Tests of positions that are revisions, or none."""

    async def test_only_the_last_page_has_a_position(self, rig: Rig) -> None:
        rig.put(leads(_MANY))
        pages = await poll(rig)
        assert [page.position for page in pages[:-1]] == [None] * (len(pages) - 1)
        last = pages[-1].position
        assert last is None or last.at is None

    async def test_p9_an_unchanged_system_gives_one_empty_page_or_the_same_again(self, rig: Rig) -> None:
        rig.put(leads(_MANY))
        first = await poll(rig)
        again = await poll(rig, reached(first))
        if first[-1].position is None:
            assert names_of(again) == names_of(first)
            return
        assert [(len(page.records), page.position, page.last) for page in again] == [
            (0, first[-1].position, True)
        ]

    async def test_a_changed_system_is_read_whole(self, rig: Rig) -> None:
        rig.put(leads(_MANY))
        position = reached(await poll(rig))
        rig.put(leads(1, first=500))
        assert len(records_of(await poll(rig, position))) == _MANY + 1

    async def test_it_has_no_newest_moment(self, rig: Rig) -> None:
        rig.put(leads(2))
        async with opened(rig) as source:
            assert not isinstance(source, KnowsLatest) or await source.latest() is None
