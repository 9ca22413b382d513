"""The `spreadsheet` source under the conformance suite: a text file and a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.testing import Lead, SnapshotContract
from tests.sheet_files import source, xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sources.spreadsheet import Spreadsheet

HEADER = ["Lead ID", "name", "Changed"]


class Sheet:
    """A file that is written anew with every change."""

    secrets = ()

    def __init__(self, path: Path) -> None:
        self._path = path
        self._leads: dict[str, Lead] = {}
        self.put(())

    def put(self, leads: Sequence[Lead]) -> None:
        self._leads.update((lead.key, lead) for lead in leads)
        rows = [[lead.key, lead.name, lead.changed.isoformat()] for lead in self._leads.values()]
        if self._path.suffix == ".xlsx":
            xlsx(self._path, [HEADER, *rows])
        else:
            self._path.write_text("".join(",".join(row) + "\n" for row in [HEADER, *rows]))

    def source(self) -> Spreadsheet:
        return source(self._path.parent, self._path.name, changed="Changed")

    def break_down(self) -> None:
        self._path.unlink()


class TestSpreadsheet(SnapshotContract):
    @pytest.fixture(params=["csv", "xlsx"])
    def rig(self, request: pytest.FixtureRequest, tmp_path: Path) -> Sheet:
        return Sheet(tmp_path / f"leads.{request.param}")
