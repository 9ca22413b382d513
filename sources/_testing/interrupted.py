"""What holds for sources by position that are killed, change or fail between two pages."""

# ruff: noqa: S101 - a conformance suite asserts
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from sources._testing.reading import PAGE_SIZE, change_after_a_page, names_of, poll, present, reached
from sources._testing.rig import gives_away, leads

if TYPE_CHECKING:
    from typing import Any

    from sources._testing.rig import Rig

_MANY = 3 * PAGE_SIZE + 1
#: Restarts after which every source should have come to the end.
_RESTARTS = 3 * _MANY


class Interrupted:
    """Tests of what happens between two pages."""

    async def test_p1_a_poll_that_is_killed_after_every_page_comes_to_the_end(self, rig: Rig) -> None:
        rig.put(leads(_MANY))
        pages = await poll(rig, pages=1)
        if reached(pages) is None:
            pytest.skip("its first page has no position yet: a poll that is broken off begins again")
        position, got = reached(pages), names_of(pages)
        for _ in range(_RESTARTS):
            pages = await poll(rig, position, pages=1)
            position, got = reached(pages, position), {**got, **names_of(pages)}
        assert sorted(got, key=int) == [lead.key for lead in leads(_MANY)]

    async def test_p1_what_changes_during_a_poll_is_read_by_it_or_by_the_next(self, rig: Rig) -> None:
        there = leads(_MANY)
        rig.put(there)
        anew = replace(there[1], name="Changed", changed=await present(rig) + timedelta(minutes=1))
        seen, error = await change_after_a_page(rig, lambda: rig.put([anew]))
        assert error is None
        got: dict[str, Any] = {**names_of(seen), **names_of(await poll(rig, reached(seen)))}
        assert got == {lead.key: lead.name for lead in there} | {anew.key: anew.name}

    async def test_p1_a_failure_half_way_is_not_taken_for_the_end(self, rig: Rig) -> None:
        rig.put(leads(_MANY))
        seen, error = await change_after_a_page(rig, rig.break_down)
        assert not gives_away(f"{error!r} {error}", rig.secrets)
        if error is None:
            assert sorted(names_of(seen), key=int) == [lead.key for lead in leads(_MANY)]
        else:
            assert not any(page.last for page in seen)
