"""The `spreadsheet` source under the conformance suite: files in an S3 bucket."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest

from sources.testing import Lead, SnapshotContract
from tests.s3_server import ACCESS_KEY, SECRET_KEY, Bucket, Refusal, S3Server
from tests.sheet_files import source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources.spreadsheet import Spreadsheet

HOUR = 3600


class Sheets:
    """One file for each hundred leads, read by a glob."""

    secrets = (ACCESS_KEY, SECRET_KEY)
    lacks: ClassVar[dict[str, str]] = {
        "loop": "only the list of files has pages; tests/integration/test_spreadsheet_s3.py has it go round"
    }

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._leads: dict[str, Lead] = {}
        self.put(())

    def put(self, leads: Sequence[Lead]) -> None:
        self._leads.update((lead.key, lead) for lead in leads)
        rows = [f"{lead.key},{lead.name},{lead.changed.isoformat()}\n" for lead in self._leads.values()]
        for number in range(0, len(rows) or 1, 100):
            content = "Lead ID,name,Changed\n" + "".join(rows[number : number + 100])
            self._bucket.put(f"leads-{number}.csv", content.encode())

    def source(self) -> Spreadsheet:
        path = self._bucket.path("leads-*.csv")
        return source(Path.cwd(), path, changed="Changed", storage=self._bucket.storage)

    def break_down(self) -> None:
        self._bucket.server.refuse_all = Refusal(500, "InternalError", "We encountered an internal error.")

    def limit(self) -> float:
        headers = {"Retry-After": str(HOUR)}
        self._bucket.server.refuse_all = Refusal(503, "SlowDown", "Please reduce your request rate.", headers)
        return HOUR

    def deny(self) -> None:
        self._bucket.server.refuse_all = Refusal(403, "InvalidAccessKeyId", f"{ACCESS_KEY} does not exist.")


class TestS3(SnapshotContract):
    @pytest.fixture
    def rig(self, s3: S3Server) -> Sheets:
        return Sheets(s3.bucket())
