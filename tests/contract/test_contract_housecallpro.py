"""The `housecallpro` source under the conformance suite, against the double: leads, and customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.housecallpro import Housecallpro, HousecallproSettings
from sources.testing import Lead, SnapshotContract
from tests.doubles.base import Reply, running
from tests.doubles.housecallpro import KEY, CompanyDouble
from tests.rest_server import context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence


class Company:
    """A company that the suite fills."""

    secrets = (KEY,)

    def __init__(self, double: CompanyDouble, kind: str) -> None:
        self.double = double
        self.kind = kind

    def put(self, leads: Sequence[Lead]) -> None:
        for lead in leads:
            self.double.put(lead.key, self.kind, name=lead.name)

    def source(self) -> Housecallpro:
        said = {"api_key": KEY, "base_url": self.double.url(), "object": self.kind, "rate_limit": "1000/s"}
        settings = HousecallproSettings.model_validate(said)
        return Housecallpro(settings, context(), self.double.clock)

    def break_down(self) -> None:
        self.double.answer_next(Reply({"error": f"no, {KEY}"}, status=500), times=100)

    def limit(self) -> float:
        slowly = Reply({"error": f"slowly, {KEY}"}, status=429, headers={"Retry-After": "3600"})
        self.double.answer_next(slowly, times=100)
        return 3600

    def deny(self) -> None:
        self.double.answer_next(Reply({"error": f"not you, {KEY}"}, status=401), times=100)

    def loop(self) -> None:
        self.double.loops = True


async def _company(kind: str) -> AsyncIterator[Company]:
    async with running(CompanyDouble()) as double:
        yield Company(double, kind)


class TestHousecallproLeads(SnapshotContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Company]:
        async for company in _company("leads"):
            yield company


class TestHousecallproCustomers(SnapshotContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Company]:
        async for company in _company("customers"):
            yield company
