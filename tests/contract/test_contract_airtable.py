"""The `airtable` source under the conformance suite, against the double: by a stamp, and whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.airtable import Airtable, AirtableSettings
from sources.testing import Lead, PositionContract, SnapshotContract
from tests.airtable_scene import way_in
from tests.doubles.airtable import STAMP, TOKEN, AirtableDouble, failed, limited
from tests.doubles.base import Reply, running
from tests.rest_server import context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence


class Base:
    """A base that the suite fills."""

    secrets = (TOKEN,)

    def __init__(self, double: AirtableDouble, changed: str | None) -> None:
        self.double = double
        self.settings = AirtableSettings.model_validate(way_in(double, changed=changed))

    def put(self, leads: Sequence[Lead]) -> None:
        for lead in leads:
            self.double.put(lead.key, lead.changed, name=lead.name)

    def source(self) -> Airtable:
        return Airtable(self.settings, context(), self.double.clock)

    def break_down(self) -> None:
        self.double.answer_next(Reply({"error": f"no, {TOKEN}"}, status=500), times=100)

    def limit(self) -> float:
        self.double.answer_next(limited(), times=100)
        return 30.0

    def deny(self) -> None:
        self.double.answer_next(failed(401, "AUTHENTICATION_REQUIRED", f"not {TOKEN}"), times=100)

    def loop(self) -> None:
        self.double.loops = True


class TestAirtableByStamp(PositionContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Base]:
        async with running(AirtableDouble()) as double:
            yield Base(double, STAMP)


class TestAirtableWhole(SnapshotContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Base]:
        async with running(AirtableDouble()) as double:
            yield Base(double, None)
