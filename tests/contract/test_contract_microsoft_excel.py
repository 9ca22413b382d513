"""The `microsoft_excel` source under the conformance suite: a workbook by a link, a text file by its path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from sources.microsoft_excel import MicrosoftExcel, MicrosoftExcelSettings
from sources.testing import Lead, SnapshotContract
from tests.doubles.base import Reply
from tests.doubles.entra import REFRESH, SECRET
from tests.doubles.microsoft_excel import PATH, USER, GraphDouble, csv_of, graph, xlsx_of
from tests.doubles.microsoft_excel_answers import throttled
from tests.excel_scene import PERSON, way_in
from tests.rest_server import context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

HEADER = ["Lead ID", "name", "Changed"]
HOUR = 3600


class Workbook:
    """A file that the suite fills."""

    lacks: ClassVar[dict[str, str]] = {"loop": "a file comes in one piece, from its beginning to its end"}

    def __init__(self, double: GraphDouble, **said: Any) -> None:
        self.double = double
        self.secrets = (SECRET, REFRESH, "eyJ0eXAi.made-up.0001", "tempauth-made-up", "u!aHR0c")
        self._said = said
        self._leads: dict[str, Lead] = {}
        self.put(())

    def put(self, leads: Sequence[Lead]) -> None:
        self._leads.update((lead.key, lead) for lead in leads)
        rows = [[int(lead.key), lead.name, lead.changed.isoformat()] for lead in self._leads.values()]
        self.double.file.save((csv_of if "path" in self._said else xlsx_of)(HEADER, *rows))

    def source(self) -> MicrosoftExcel:
        settings = MicrosoftExcelSettings.model_validate(way_in(self.double, changed="Changed", **self._said))
        return MicrosoftExcel(settings, context(), self.double.clock)

    def break_down(self) -> None:
        self.double.answer_next(Reply({"error": {"code": "generalException"}}, status=500), "^/v1", times=100)

    def limit(self) -> float:
        self.double.answer_next(throttled(HOUR), "^/v1", times=100)
        return HOUR

    def deny(self) -> None:
        self.double.roles, self.double.person_may = set(), False


class TestMicrosoftExcel(SnapshotContract):
    @pytest.fixture(params=[{}, {"user": USER, "path": PATH, **PERSON}], ids=["link, app", "path, person"])
    async def rig(self, request: pytest.FixtureRequest) -> AsyncIterator[Workbook]:
        async with graph() as double:
            yield Workbook(double, **request.param)
