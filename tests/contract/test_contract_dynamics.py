"""The `dynamics` source under the conformance suite, over a table of the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.dynamics import Dynamics, DynamicsSettings
from sources.testing import Lead, PositionContract
from tests.doubles.base import Reply, running
from tests.doubles.dynamics import DynamicsDouble, error
from tests.doubles.dynamics_tables import Entity
from tests.doubles.entra import SECRET
from tests.dynamics_scene import settings
from tests.rest_server import context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

COLUMNS = {
    "new_walkinid": "UniqueidentifierType",
    "new_number": "StringType",
    "name": "StringType",
    "statecode": "StateType",
    "modifiedon": "DateTimeType",
}


class WalkIns:
    """An environment that keeps leads in a table of its own, under numbers."""

    secrets = (SECRET,)

    def __init__(self, double: DynamicsDouble) -> None:
        self.double = double

    def put(self, leads: Sequence[Lead]) -> None:
        for lead in leads:
            self.double.put("new_walkins", int(lead.key), lead.changed, new_number=lead.key, name=lead.name)

    def source(self) -> Dynamics:
        said = {**settings(self.double), "table": "new_walkins", "key": "new_number"}
        return Dynamics(DynamicsSettings.model_validate(said), context(), self.double.clock)

    def break_down(self) -> None:
        self.double.answer_next(Reply({"error": {"message": f"no, {SECRET}"}}, status=500), "/api/", times=99)

    def limit(self) -> float:
        slowly = error(429, "0x80072321", f"slowly, {SECRET}", **{"Retry-After": "3600"})
        self.double.answer_next(slowly, "/api/", times=99)
        return 3600

    def deny(self) -> None:
        self.double.answer_next(Reply({"error": {"message": f"not you, {SECRET}"}}, status=401), times=99)

    def loop(self) -> None:
        self.double.loops = True


class TestDynamics(PositionContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[WalkIns]:
        walk_ins = Entity("new_walkin", "new_walkins", "new_walkinid", dict(COLUMNS))
        async with running(DynamicsDouble(walk_ins)) as double:
            yield WalkIns(double)
