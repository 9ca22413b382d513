"""The `salesforce` source under the conformance suite, over an object of the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.testing import Lead, PositionContract
from tests.doubles.base import Reply, running
from tests.doubles.salesforce import Org
from tests.doubles.salesforce_login import SECRET
from tests.doubles.soql import Kind
from tests.salesforce_org import source

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from sources.salesforce import Salesforce

FIELDS = {"Id": "id", "Number__c": "string", "name": "string", "SystemModstamp": "datetime"}


class WalkIns:
    """An organisation that keeps leads in an object of its own, with an external id."""

    secrets = (SECRET,)

    def __init__(self, org: Org) -> None:
        self._org = org

    def put(self, leads: Sequence[Lead]) -> None:
        self._org.put("Walk_In__c", *map(_row, leads))

    def source(self) -> Salesforce:
        return source(self._org, object="Walk_In__c", key="Number__c")

    def break_down(self) -> None:
        self._org.answer_next(Reply({"message": f"no, {SECRET}"}, status=500), times=100)

    def limit(self) -> float:
        slowly = Reply({"message": f"slowly, {SECRET}"}, status=429, headers={"Retry-After": "3600"})
        self._org.answer_next(slowly, times=100)
        return 3600

    def deny(self) -> None:
        self._org.answer_next(Reply({"message": f"not you, {SECRET}"}, status=401), times=100)

    def loop(self) -> None:
        self._org.loops = True


def _row(lead: Lead) -> dict[str, object]:
    return {
        "Id": f"a0B5e{int(lead.key):010}EAU",
        "Number__c": lead.key,
        "name": lead.name,
        "SystemModstamp": lead.changed,
    }


async def _rigged(batch: int) -> AsyncIterator[WalkIns]:
    org = Org(Kind("Walk_In__c", FIELDS))
    org.batch = batch
    async with running(org):
        yield WalkIns(org)


class TestSalesforce(PositionContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[WalkIns]:
        async for rig in _rigged(batch=2_000):
            yield rig


class TestSalesforceInManyPages(PositionContract):
    """Wide rows: Salesforce gives fewer at once, and a cursor to the rest."""

    @pytest.fixture
    async def rig(self) -> AsyncIterator[WalkIns]:
        async for rig in _rigged(batch=2):
            yield rig
