"""ServiceTitan's export feed through the engine: nothing lost, nothing sent twice, nothing that is old."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.doubles.servicetitan import TenantDouble, problem
from tests.servicetitan_scene import ago, tenant

if TYPE_CHECKING:
    from sources.servicetitan import Servicetitan
    from tests.engine_world import World

MAPPING = """
lead:
  firstName: name
  phoneNumber: phone
"""


def put(company: TenantDouble, number: int, minutes: float, name: str) -> None:
    company.put(number, ago(minutes), name=name, phone="8045550123")


async def turn(world: World, source: Servicetitan) -> list[tuple[str, str]]:
    """Poll once and send all that is due."""
    world.source, world.lookback = source, source.default_lookback
    world.edit(MAPPING)
    await world.sync()
    return await world.deliver()


async def test_p5_only_what_is_new_is_sent_although_the_feed_begins_at_days_and_repeats(world: World) -> None:
    world.first_sync = "now"
    async with tenant(export=True) as (company, source):
        for number, minutes in enumerate([300, 60, 8, 2], 1):
            put(company, number, minutes, "Old")
        company.repeats = 9
        assert await turn(world, source) == []
        company.clock.slept.append(60)
        put(company, 5, -0.5, "New")
        put(company, 3, -0.7, "Changed")
        assert sorted(await turn(world, source)) == [("3", "Changed"), ("5", "New")]
        assert await turn(world, source) == []


@pytest.mark.parametrize("refused", [False, True])
async def test_p2_all_is_sent_once_also_when_the_token_is_refused_by_then(
    world: World, refused: bool
) -> None:
    async with tenant(export=True) as (company, source):
        company.largest = 2
        for number in range(1, 8):
            put(company, number, 100 - number, "Ada")
        assert len(await turn(world, source)) == 7
        company.clock.slept.append(timedelta(hours=3).total_seconds())
        put(company, 8, -100, "New")
        if refused:
            company.answer_next(problem(400, "The continuation token is not valid"), "/export/")
        assert await turn(world, source) == [("8", "New")]
        assert await turn(world, source) == []
