"""The `google_sheets` source under the conformance suite, with Drive's help and without."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest

from sources.google_sheets import GoogleSheets, GoogleSheetsSettings
from sources.testing import Lead, SnapshotContract
from tests.doubles.base import Reply, running
from tests.doubles.google_sheets import GoogleDouble, over_quota, pem
from tests.google_scene import way_in
from tests.rest_server import context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

HEADER = ["Lead ID", "name", "Changed"]


class Sheet:
    """A sheet that the suite fills."""

    lacks: ClassVar[dict[str, str]] = {
        "loop": "rows are asked for by their numbers, up to as many as Google says that the sheet has"
    }

    def __init__(self, double: GoogleDouble) -> None:
        self.double = double
        self.secrets = (pem(), pem().split("\n")[1], "ya29.made-up-1")
        self._leads: dict[str, Lead] = {}
        self.put(())

    def put(self, leads: Sequence[Lead]) -> None:
        self._leads.update((lead.key, lead) for lead in leads)
        rows = [[int(lead.key), lead.name, lead.changed.isoformat()] for lead in self._leads.values()]
        self.double.edit([HEADER, *rows])

    def source(self) -> GoogleSheets:
        settings = GoogleSheetsSettings.model_validate(way_in(self.double, changed="Changed"))
        return GoogleSheets(settings, context(), self.double.clock)

    def break_down(self) -> None:
        self.double.answer_next(Reply({"error": "no"}, status=500), "^/(v4|drive)/", times=100)

    def limit(self) -> None:
        self.double.answer_next(over_quota(), "^/v4/", times=100)

    def deny(self) -> None:
        self.double.shared = False


class TestGoogleSheets(SnapshotContract):
    @pytest.fixture(params=["with Drive", "without"])
    async def rig(self, request: pytest.FixtureRequest) -> AsyncIterator[Sheet]:
        async with running(GoogleDouble()) as double:
            if request.param == "without":
                double.scopes.remove("drive")
            yield Sheet(double)
