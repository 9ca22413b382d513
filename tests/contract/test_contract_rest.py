"""The `rest` source under the conformance suite: an API that sorts, one that doesn't, one read whole."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sources.rest import Rest, RestSettings
from sources.testing import Lead, PositionContract, SnapshotContract
from tests.rest_server import Api, Asked, FakeClock, Reply, context, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

TOKEN = "a-token-made-up-for-tests"
BY_POSITION: dict[str, Any] = {
    "changed": "at",
    "since": {"param": "since"},
    "until": {"param": "until"},
    "paging": {"type": "page_number", "size": 3, "size_param": "size"},
}


class Service:
    """An API over leads in memory; it tells what changed when it is asked to."""

    secrets = (TOKEN,)

    def __init__(self, said: dict[str, Any]) -> None:
        self.api: Api | None = None
        self._said = said
        self._leads: dict[str, Lead] = {}
        self._broken = False

    def put(self, leads: Sequence[Lead]) -> None:
        self._leads.update((lead.key, lead) for lead in leads)

    def source(self) -> Rest:
        assert self.api
        auth = {"type": "bearer", "token": TOKEN}
        settings = RestSettings.model_validate(
            {"url": self.api.url(), "key": "id", "auth": auth, **self._said}
        )
        return Rest(settings, context(Path()), FakeClock())

    def break_down(self) -> None:
        self._broken = True

    def answer(self, asked: Asked) -> Any:
        if self._broken:
            return Reply({"error": f"no, {TOKEN}"}, status=500)
        found = sorted(self._leads.values(), key=lambda lead: (lead.changed, int(lead.key)))
        if self._said.get("order") != "ascending":
            found.sort(key=lambda lead: lead.key)
        since, until = (_moment(asked.query.get(name)) for name in ("since", "until"))
        shown = [
            {"id": int(lead.key), "name": lead.name, "at": lead.changed.isoformat()}
            for lead in found
            if (since is None or lead.changed >= since) and (until is None or lead.changed < until)
        ]
        size, page = int(asked.query.get("size", "1000")), int(asked.query.get("page", "1"))
        return shown[size * (page - 1) : size * page]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


async def _running(said: dict[str, Any]) -> AsyncIterator[Service]:
    service = Service(said)
    async with serving(service.answer) as api:
        service.api = api
        yield service


class TestRestAscending(PositionContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Service]:
        async for service in _running({**BY_POSITION, "order": "ascending"}):
            yield service


class TestRestUnordered(PositionContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Service]:
        async for service in _running(BY_POSITION):
            yield service


class TestRestSnapshot(SnapshotContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Service]:
        async for service in _running({"paging": {"type": "none"}}):
            yield service
