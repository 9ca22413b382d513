"""The `close` source under the conformance suite, against the double."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.close import Close, CloseSettings
from sources.testing import Lead, PositionContract
from tests.doubles.base import Reply, running
from tests.doubles.close import KEY, CloseDouble
from tests.rest_server import context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence


class Organisation:
    """An organisation in Close that the suite fills."""

    secrets = (KEY,)

    def __init__(self, double: CloseDouble) -> None:
        self.double = double

    def put(self, leads: Sequence[Lead]) -> None:
        for lead in leads:
            self.double.put(lead.key, lead.changed, name=lead.name)

    def source(self) -> Close:
        settings = CloseSettings(api_key=KEY, base_url=self.double.url())
        return Close(settings, context(), self.double.clock)

    def break_down(self) -> None:
        self.double.answer_next(Reply({"error": f"no, {KEY}"}, status=500), times=100)

    def limit(self) -> float:
        headers = {"RateLimit": "limit=20, remaining=0, reset=3600"}
        self.double.answer_next(Reply({"error": f"slowly, {KEY}"}, status=429, headers=headers), times=100)
        return 3600

    def deny(self) -> None:
        self.double.answer_next(Reply({"error": f"not you, {KEY}"}, status=401), times=100)

    def loop(self) -> None:
        self.double.loops = True


class TestClose(PositionContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Organisation]:
        async with running(CloseDouble()) as double:
            yield Organisation(double)
