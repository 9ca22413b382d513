"""The `rest` source under the conformance suite: an API that sorts, one that doesn't, one read whole."""

from __future__ import annotations

from datetime import datetime
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
#: A cursor that names a place in the order, so that what changes meanwhile shifts nothing.
ASCENDING: dict[str, Any] = {
    **BY_POSITION,
    "order": "ascending",
    "records": "leads",
    "paging": {"type": "cursor", "param": "after", "cursor": "next", "size": 3, "size_param": "size"},
}


class Service:
    """An API over leads in memory; it tells what changed when it is asked to."""

    secrets = (TOKEN,)

    def __init__(self, said: dict[str, Any]) -> None:
        self.api: Api | None = None
        self._said = said
        self._leads: dict[str, Lead] = {}
        self._refusal: Reply | None = None
        self._loops = False

    def put(self, leads: Sequence[Lead]) -> None:
        self._leads.update((lead.key, lead) for lead in leads)

    def source(self) -> Rest:
        assert self.api
        auth = {"type": "bearer", "token": TOKEN}
        settings = RestSettings.model_validate(
            {"url": self.api.url(), "key": "id", "auth": auth, **self._said}
        )
        return Rest(settings, context(), FakeClock())

    def break_down(self) -> None:
        self._refusal = Reply({"error": f"no, {TOKEN}"}, status=500)

    def limit(self) -> float:
        self._refusal = Reply({"error": f"slowly, {TOKEN}"}, status=429, headers={"Retry-After": "3600"})
        return 3600

    def deny(self) -> None:
        self._refusal = Reply({"error": f"not you, {TOKEN}"}, status=401)

    def loop(self) -> None:
        self._loops = True

    def answer(self, asked: Asked) -> Any:
        if self._refusal is not None:
            return self._refusal
        found = sorted(self._leads.values(), key=lambda lead: (lead.changed, int(lead.key)))
        if self._said.get("order") != "ascending":
            found.sort(key=lambda lead: lead.key)
        since, until = (_moment(asked.query.get(name)) for name in ("since", "until"))
        shown = [
            {"id": int(lead.key), "name": lead.name, "at": lead.changed.isoformat()}
            for lead in found
            if (since is None or lead.changed >= since) and (until is None or lead.changed < until)
        ]
        return self._page(asked, shown)

    def _page(self, asked: Asked, shown: list[dict[str, Any]]) -> Any:
        size = int(asked.query.get("size", "1000"))
        if self._said["paging"]["type"] != "cursor":
            page = 1 if self._loops else int(asked.query.get("page", "1"))
            return shown[size * (page - 1) : size * page]
        left = [
            each
            for each in shown
            if self._loops or f"{each['at']} {each['id']:05}" > asked.query.get("after", "")
        ]
        last = left[:size][-1:]
        more = last and len(left) > size
        return {"leads": left[:size], "next": f"{last[0]['at']} {last[0]['id']:05}" if more else None}


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
        async for service in _running(ASCENDING):
            yield service


class TestRestUnordered(PositionContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Service]:
        async for service in _running(BY_POSITION):
            yield service


class TestRestSnapshot(SnapshotContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Service]:
        async for service in _running({"paging": BY_POSITION["paging"]}):
            yield service
