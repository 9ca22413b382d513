"""The `pipedrive` source under the conformance suite, against the double: with leads, and with persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.pipedrive import Pipedrive, PipedriveSettings
from sources.testing import Lead, PositionContract
from tests.doubles.base import Reply, running
from tests.doubles.pipedrive import TOKEN, PipedriveDouble
from tests.rest_server import context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence


class Company:
    """A company in Pipedrive that the suite fills."""

    secrets = (TOKEN,)

    def __init__(self, double: PipedriveDouble, kind: str) -> None:
        self.double = double
        self.kind = kind

    def put(self, leads: Sequence[Lead]) -> None:
        for lead in leads:
            if self.kind == "leads":
                self.double.put_lead(lead.key, lead.changed, name=lead.name)
            else:
                self.double.put_person(int(lead.key), lead.changed, name=lead.name)

    def source(self) -> Pipedrive:
        settings = PipedriveSettings(token=TOKEN, base_url=self.double.url(), object=self.kind)
        return Pipedrive(settings, context(), self.double.clock)

    def break_down(self) -> None:
        self.double.answer_next(Reply({"success": False, "error": f"no, {TOKEN}"}, status=500), times=100)

    def limit(self) -> float:
        slowly = Reply({"error": f"slowly, {TOKEN}"}, status=429, headers={"x-ratelimit-reset": "3600"})
        self.double.answer_next(slowly, times=100)
        return 3600

    def deny(self) -> None:
        self.double.answer_next(Reply({"error": f"not you, {TOKEN}"}, status=401), times=100)

    def loop(self) -> None:
        self.double.loops = True


async def _company(kind: str) -> AsyncIterator[Company]:
    async with running(PipedriveDouble()) as double:
        yield Company(double, kind)


class TestPipedriveLeads(PositionContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Company]:
        async for company in _company("leads"):
            yield company


class TestPipedrivePersons(PositionContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Company]:
        async for company in _company("persons"):
            yield company
