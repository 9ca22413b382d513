"""Everything here runs on both event loops: asyncio's own, and uvloop, which the program prefers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import uvloop

if TYPE_CHECKING:
    from collections.abc import Callable


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Return how each loop is made."""
    return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
