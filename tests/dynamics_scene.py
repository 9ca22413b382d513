"""An environment of Dynamics 365 and a source that reads it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sources.dynamics import Dynamics
from tests.crm_scene import opened
from tests.doubles.base import running
from tests.doubles.dynamics import RESOURCE, DynamicsDouble
from tests.doubles.entra import APP
from tests.rest_server import NOW

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path

    from tests.doubles.dynamics_tables import Entity


def settings(double: DynamicsDouble) -> dict[str, Any]:
    """Return what stands in connector.yaml."""
    return {**APP, "url": RESOURCE, "base_url": double.url(), "login_url": double.url()}


@asynccontextmanager
async def environment(
    *entities: Entity, cache: Path | None = None, **said: Any
) -> AsyncIterator[tuple[DynamicsDouble, Dynamics]]:
    """Run an environment, and open a source over it with these settings."""
    async with (
        running(DynamicsDouble(*entities)) as double,
        opened(Dynamics, double, cache, **{**settings(double), **said}) as source,
    ):
        yield double, source


def ago(minutes: float) -> datetime:
    """Return the time so many minutes before the clocks' present."""
    return NOW - timedelta(minutes=minutes)


def fill(double: DynamicsDouble, count: int, *, tied: bool = False) -> None:
    """Write leads that changed one after another, or all at the same second."""
    for number in range(1, count + 1):
        changed = ago(100) if tied else ago(100 - number)
        double.put("leads", number, changed, lastname=f"Lead {number}")
