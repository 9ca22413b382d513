"""The `gohighlevel` source under the conformance suite, against the double."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.gohighlevel import Gohighlevel, GohighlevelSettings
from sources.testing import Lead, PositionContract
from tests.doubles.base import Reply, running
from tests.doubles.gohighlevel import LOCATION, TOKEN, Location
from tests.rest_server import context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence


class Account:
    """A sub-account that the suite fills."""

    secrets = (TOKEN,)

    def __init__(self, double: Location) -> None:
        self.double = double

    def put(self, leads: Sequence[Lead]) -> None:
        for lead in leads:
            self.double.put(lead.key, lead.changed, firstName=lead.name)

    def source(self) -> Gohighlevel:
        settings = GohighlevelSettings(token=TOKEN, base_url=self.double.url(), location_id=LOCATION)
        return Gohighlevel(settings, context(), self.double.clock)

    def break_down(self) -> None:
        self.double.answer_next(Reply({"message": f"no, {TOKEN}"}, status=500), times=100)

    def limit(self) -> float:
        self.double.daily = 0
        return 21_600.0

    def deny(self) -> None:
        self.double.tokens.clear()

    def loop(self) -> None:
        self.double.loops = True


class TestGohighlevel(PositionContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Account]:
        async with running(Location()) as double:
            yield Account(double)
