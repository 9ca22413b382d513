"""What holds for every source whose system refuses: too often, not you, the same page for ever."""

# ruff: noqa: S101 - a conformance suite asserts
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources._testing.reading import (
    PAGE_SIZE,
    change_after_a_page,
    failed,
    names_of,
    poll,
    reached,
)
from sources._testing.refusing import refused
from sources._testing.rig import Denies, Limits, Loops, leads, why_not
from sources.errors import Denied, RateLimited

if TYPE_CHECKING:
    from sources._testing.rig import Rig

_MANY = 3 * PAGE_SIZE + 1
#: More pages than any source makes of the suite's leads.
_NO_END = 10 * _MANY


class Refusals:
    """Tests of refusals. Those that a rig can't bring about are skipped, with the reason."""

    async def test_a_rate_limit_is_told_with_its_wait(self, rig: Rig) -> None:
        if not isinstance(rig, Limits):
            pytest.skip(why_not(rig, "limit"))
        rig.put(leads(2))
        wait = rig.limit()
        for error in await refused(rig):
            assert isinstance(error, RateLimited)
            assert error.retry_after == (wait if wait is None else pytest.approx(wait, abs=5))

    async def test_p1_a_rate_limit_half_way_is_not_taken_for_the_end(self, rig: Rig) -> None:
        if not isinstance(rig, Limits):
            pytest.skip(why_not(rig, "limit"))
        rig.put(leads(_MANY))
        seen, error = await change_after_a_page(rig, rig.limit)
        if error is None:
            assert len(names_of(seen)) == _MANY
        else:
            assert isinstance(error, RateLimited)
            assert not any(page.last for page in seen)

    async def test_credentials_that_are_refused_are_denied(self, rig: Rig) -> None:
        if not isinstance(rig, Denies):
            pytest.skip(why_not(rig, "deny"))
        rig.put(leads(2))
        rig.deny()
        for error in await refused(rig):
            assert isinstance(error, Denied)

    async def test_pages_without_end_are_an_error(self, rig: Rig) -> None:
        if not isinstance(rig, Loops):
            pytest.skip(why_not(rig, "loop"))
        rig.put(leads(_MANY))
        rig.loop()
        seen, error = await failed(rig, most=_NO_END)
        assert error is not None, f"it read {len(seen)} pages of {_MANY} leads, and would have gone on"
        assert not any(page.last for page in seen)

    async def test_a_failed_poll_moves_no_position_on(self, rig: Rig) -> None:
        rig.put(leads(_MANY))
        position = reached(await poll(rig))
        rig.break_down()
        seen, error = await failed(rig, position)
        assert error is not None
        assert reached(seen, position) == position
