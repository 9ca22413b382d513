"""The `servicetitan` source under the conformance suite, against the double: leads, customers, the feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.servicetitan import Servicetitan
from sources.testing import Lead, PositionContract
from tests.doubles.base import Reply, running
from tests.doubles.servicetitan import APP_KEY, CLIENT, TenantDouble, slow_down
from tests.rest_server import context
from tests.servicetitan_scene import settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence


class Company:
    """A tenant that the suite fills."""

    secrets = (APP_KEY, CLIENT[1])

    def __init__(self, double: TenantDouble, kind: str, *, export: bool = False) -> None:
        self.double = double
        self.kind = kind
        self.export = export

    def put(self, leads: Sequence[Lead]) -> None:
        for lead in leads:
            self.double.put(int(lead.key), lead.changed, self.kind, name=lead.name)

    def source(self) -> Servicetitan:
        given = settings(self.double, object=self.kind, export=self.export)
        said = Servicetitan.Settings.model_validate(given)
        return Servicetitan(said, context(), self.double.clock)  # type: ignore[arg-type] # its own

    def break_down(self) -> None:
        self.double.answer_next(Reply({"title": f"no, {APP_KEY}"}, status=500), times=100)

    def limit(self) -> float:
        self.double.answer_next(slow_down(f"slowly, {APP_KEY}", "3600"), "/crm/", times=100)
        return 3600

    def deny(self) -> None:
        self.double.answer_next(Reply({"title": f"not you, {APP_KEY}"}, status=401), "/crm/", times=100)

    def loop(self) -> None:
        self.double.loops = True


async def _company(kind: str, *, export: bool = False) -> AsyncIterator[Company]:
    async with running(TenantDouble()) as double:
        double.largest = 5 if export else double.largest
        yield Company(double, kind, export=export)


class TestServicetitanLeads(PositionContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Company]:
        async for company in _company("leads"):
            yield company


class TestServicetitanCustomers(PositionContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Company]:
        async for company in _company("customers"):
            yield company


class TestServicetitanExport(PositionContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Company]:
        async for company in _company("leads", export=True):
            yield company
