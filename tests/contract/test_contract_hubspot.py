"""The `hubspot` source under the conformance suite, against the double: with contacts, and with leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.hubspot import Hubspot, HubspotSettings
from sources.testing import Lead, PositionContract
from tests.doubles.base import Reply, running
from tests.doubles.hubspot import TOKEN, HubspotDouble
from tests.rest_server import context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence


class Account:
    """An account of HubSpot that the suite fills."""

    secrets = (TOKEN,)

    def __init__(self, double: HubspotDouble, kind: str) -> None:
        self.double = double
        self.kind = kind

    def put(self, leads: Sequence[Lead]) -> None:
        for lead in leads:
            self.double.put(int(lead.key), lead.changed, self.kind, name=lead.name)

    def source(self) -> Hubspot:
        settings = HubspotSettings(token=TOKEN, base_url=self.double.url(), object=self.kind)
        return Hubspot(settings, context(), self.double.clock)

    def break_down(self) -> None:
        self.double.answer_next(Reply({"message": f"no, {TOKEN}"}, status=500), times=100)

    def limit(self) -> float:
        slowly = Reply({"message": f"slowly, {TOKEN}"}, status=429, headers={"Retry-After": "3600"})
        self.double.answer_next(slowly, times=100)
        return 3600

    def deny(self) -> None:
        self.double.answer_next(Reply({"message": f"not you, {TOKEN}"}, status=401), times=100)

    def loop(self) -> None:
        self.double.loops = True


async def _account(kind: str) -> AsyncIterator[Account]:
    async with running(HubspotDouble()) as double:
        yield Account(double, kind)


class TestHubspotContacts(PositionContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Account]:
        async for account in _account("contacts"):
            yield account


class TestHubspotLeads(PositionContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Account]:
        async for account in _account("leads"):
            yield account
