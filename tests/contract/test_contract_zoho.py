"""The `zoho` source under the conformance suite, against the double."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.testing import Lead, PositionContract
from sources.zoho import Zoho, ZohoSettings
from tests.doubles.base import Reply, running
from tests.doubles.zoho import SECRET, Organisation
from tests.rest_server import context
from tests.zoho_scene import way_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path


class Account:
    """An organisation that the suite fills."""

    def __init__(self, double: Organisation, kept: Path) -> None:
        self.double = double
        self._kept = kept
        self.secrets = (SECRET, double.refresh_token)
        self.settings = ZohoSettings.model_validate(way_in(double))

    def put(self, leads: Sequence[Lead]) -> None:
        for lead in leads:
            self.double.put(lead.key, lead.changed, name=lead.name)

    def source(self) -> Zoho:
        return Zoho(self.settings, context(self._kept), self.double.clock)

    def break_down(self) -> None:
        self.double.answer_next(Reply({"message": f"no, {SECRET}"}, status=500), times=100)

    def limit(self) -> float:
        self.double.credits = 0
        return 3_600.0

    def deny(self) -> None:
        self.double.refresh_token = "1000.another"
        self.double.tokens.clear()

    def loop(self) -> None:
        self.double.loops = True


class TestZoho(PositionContract):
    @pytest.fixture
    async def rig(self, tmp_path: Path) -> AsyncIterator[Account]:
        async with running(Organisation()) as double:
            yield Account(double, tmp_path)
