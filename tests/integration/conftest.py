"""State stores for tests: the same tests on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sync.store.store import Store, open_store
from tests.engine_world import Clock, World
from tests.scripted_source import ScriptedTable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a state file that is not there yet."""
    return f"sqlite:///{tmp_path}/state.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def new_store_url(request: pytest.FixtureRequest) -> str:
    """The URL of a state store that is not made yet, one of each kind."""
    name = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    return str(request.getfixturevalue(name))


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of a state store in which nothing has happened yet, one of each kind."""
    name = {"sqlite": "sqlite_store_url", "postgresql": "postgres_store_url"}[request.param]
    return str(request.getfixturevalue(name))


@pytest.fixture
def clock() -> Clock:
    """Time that stands still until a test moves it."""
    return Clock()


@pytest.fixture
def store(store_url: str, clock: Clock) -> Iterator[Store]:
    """An open state store."""
    opened = open_store(store_url, clock)
    yield opened
    opened.close()


@pytest.fixture
def world(store: Store) -> World:
    """A table, a store and an endpoint."""
    return World(store, ScriptedTable())
