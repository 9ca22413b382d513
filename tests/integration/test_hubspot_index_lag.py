"""HubSpot's search may see a change up to an hour late: that long is looked back, and no shorter would do."""

from __future__ import annotations

from datetime import timedelta

from sources.base import Position
from sources.hubspot import Hubspot
from tests.crm_scene import keys, polled, position_of
from tests.hubspot_scene import account, ago


async def test_p1_a_change_seen_nearly_an_hour_late_is_found_although_newer_ones_were_seen_at_once() -> None:
    async with account() as (hubspot, source):
        hubspot.lag = timedelta(minutes=59)
        hubspot.put(1, ago(58), email="late@example.com")
        hubspot.lag = timedelta(0)
        hubspot.put(2, ago(1), email="prompt@example.com")
        position = position_of(await polled(source, Position(at=ago(120))))
        assert position == Position(at=ago(1))
        hubspot.clock.slept.append(timedelta(minutes=60).total_seconds())
        assert keys(await polled(source, position.moved_back(Hubspot.default_lookback))) == ["1", "2"]
