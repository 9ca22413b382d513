"""The `jobber` source under the conformance suite, against the double."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.jobber import Jobber, JobberSettings
from sources.testing import Lead, PositionContract
from tests.doubles.base import Reply, running
from tests.doubles.jobber import CLIENT, SECRET, Account, failed
from tests.rest_server import context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence


class Rig:
    """An account in Jobber that the suite fills."""

    def __init__(self, double: Account) -> None:
        self.double = double
        self.refresh_token = double.refresh_token
        self.secrets = (SECRET, double.refresh_token)

    def put(self, leads: Sequence[Lead]) -> None:
        for lead in leads:
            self.double.put(lead.key, lead.changed, name=lead.name)

    def source(self) -> Jobber:
        settings = JobberSettings(
            client_id=CLIENT,
            client_secret=SECRET,
            refresh_token=self.refresh_token,
            base_url=self.double.url("/api"),
        )
        return Jobber(settings, context(), self.double.clock)

    def break_down(self) -> None:
        self.double.answer_next(Reply({"message": f"no, {SECRET}"}, status=500), times=100)

    def limit(self) -> float:
        status = {"maximumAvailable": 10_000, "currentlyAvailable": 0, "restoreRate": 0.1}
        cost = {"requestedQueryCost": 360, "actualQueryCost": 0, "throttleStatus": status}
        throttled = {**failed("Throttled", "THROTTLED"), "extensions": {"cost": cost}}
        self.double.answer_next(Reply(throttled), times=100)
        return 3_600

    def deny(self) -> None:
        told = failed("hidden because you are unauthenticated", "UNAUTHENTICATED")
        self.double.answer_next(Reply(told), "/api/graphql", times=100)

    def loop(self) -> None:
        self.double.loops = True


class TestJobber(PositionContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Rig]:
        async with running(Account()) as double:
            yield Rig(double)
