"""Of Close, changes of people are read before those of leads, which move the position past them."""

from __future__ import annotations

from sources.base import Page, PollRequest, Position
from tests.close_scene import ago, organisation
from tests.crm_scene import keys, polled, position_of


async def test_p1_a_poll_broken_off_once_leads_have_moved_the_position_has_lost_no_change_of_a_person() -> (
    None
):
    async with organisation() as (close, source):
        close.put("lead_of_old", ago(600))
        close.put_person("cont_1", "lead_of_old", ago(30))
        for number in range(4):
            close.put(f"lead_{number}", ago(4 - number))
        since, found = Position(at=ago(60)), list[Page]()
        pages = source.poll(PollRequest(since, page_size=2))
        async for page in pages:
            found.append(page)
            if position_of(found) != since:
                break
        await pages.aclose()
        assert not found[-1].last
        rest = await polled(source, position_of(found), page_size=2)
    assert {"lead_of_old", "lead_0", "lead_3"} <= {*keys(found), *keys(rest)}
