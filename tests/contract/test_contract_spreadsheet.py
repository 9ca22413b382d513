"""The `spreadsheet` source under the conformance suite: a text file, a workbook, and a file behind a URL."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest

from sources.testing import Lead, SnapshotContract
from tests.rest_server import Reply, serving
from tests.sheet_files import source, xlsx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from sources.spreadsheet import Spreadsheet
    from tests.rest_server import Asked

HEADER = ["Lead ID", "name", "Changed"]
HOUR = 3600
IN_ONE = "a file comes in one piece, from its beginning to its end"


class Sheet:
    """A file that is written anew with every change."""

    secrets = ()
    lacks: ClassVar[dict[str, str]] = {
        "limit": "nobody counts how often a file on this machine is read",
        "deny": "what a file's permissions forbid, whoever runs the tests as root may do",
        "loop": IN_ONE,
    }

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


class Shared:
    """A text file that a server gives to whoever has its address."""

    secrets = ("a-secret-link",)
    lacks: ClassVar[dict[str, str]] = {"loop": IN_ONE}

    def __init__(self, directory: Path) -> None:
        self.address = ""
        self._directory = directory
        self._leads: dict[str, Lead] = {}
        self._instead: Reply | None = None

    def put(self, leads: Sequence[Lead]) -> None:
        self._leads.update((lead.key, lead) for lead in leads)

    def source(self) -> Spreadsheet:
        return source(self._directory, self.address, changed="Changed")

    def break_down(self) -> None:
        self._instead = Reply(status=500)

    def limit(self) -> float:
        self._instead = Reply(status=429, headers={"Retry-After": str(HOUR)})
        return HOUR

    def deny(self) -> None:
        self._instead = Reply(status=401)

    def answer(self, asked: Asked) -> Reply:
        rows = [[lead.key, lead.name, lead.changed.isoformat()] for lead in self._leads.values()]
        text = "".join(",".join(row) + "\n" for row in [HEADER, *rows])
        tag = f'"{hash(text)}"'
        if self._instead is None and asked.headers.get("if-none-match") == tag:
            return Reply(status=304)
        return self._instead or Reply(body=text.encode(), headers={"ETag": tag})


class TestSpreadsheet(SnapshotContract):
    @pytest.fixture(params=["csv", "xlsx"])
    def rig(self, request: pytest.FixtureRequest, tmp_path: Path) -> Sheet:
        return Sheet(tmp_path / f"leads.{request.param}")


class TestSpreadsheetBehindUrl(SnapshotContract):
    @pytest.fixture
    async def rig(self, tmp_path: Path) -> AsyncIterator[Shared]:
        shared = Shared(tmp_path)
        async with serving(shared.answer) as api:
            shared.address = api.url("/a-secret-link/leads.csv")
            yield shared
