"""A session with PostgreSQL that is lost at the worst moment: nothing is stuck, and it is said plainly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from sync.store.errors import LeaseLost, StoreError
from sync.store.store import Store, open_store
from tests.delivery_kit import Desk, ScriptedEndpoint, all_accepted, stage

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def postgres(postgres_store_url: str) -> Iterator[Store]:
    """A store in PostgreSQL."""
    opened = open_store(postgres_store_url)
    yield opened
    opened.close()


def _end_session(store: Store, postgres_store_url: str) -> None:
    """End the session that writes, as a server does that goes away."""
    assert store._writer is not None
    pid = store._writer.connection.driver_connection.info.backend_pid
    killer = open_store(postgres_store_url)
    killer.write_now(lambda connection: connection.execute(text(f"SELECT pg_terminate_backend({pid})")))
    killer.close()


async def test_a_session_lost_while_a_lease_is_taken_is_said_as_such(
    postgres: Store, postgres_store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = postgres.leases._locks.take

    def and_lose(connection: Any, name: str) -> bool:
        taken = take(connection, name)
        _end_session(postgres, postgres_store_url)
        return taken

    monkeypatch.setattr(postgres.leases._locks, "take", and_lose)
    with pytest.raises(StoreError, match="the connection to the state store"):
        await postgres.acquire("source:crm")
    monkeypatch.undo()
    assert await postgres.acquire("source:crm"), "it connects again, and nothing holds the lease"


async def test_p1_claims_whose_commit_was_made_and_whose_answer_was_lost_are_not_stuck(
    postgres: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage(postgres, ["a", "b", "c"])
    desk = Desk(postgres, ScriptedEndpoint())
    write = postgres.write
    commits = 0

    async def and_lose(work: Any, under: str | None = None) -> Any:
        nonlocal commits
        found = await write(work, under)
        commits += under == desk.courier.outbox.lease
        if commits == 1 and under:
            commits += 1
            postgres._writing.submit(postgres.leases.forget).result()
            postgres._writing.submit(postgres._drop_writer).result()
            raise LeaseLost("the connection to the state store was lost")
        return found

    monkeypatch.setattr(postgres, "write", and_lose)
    with pytest.raises(LeaseLost):
        await desk.deliver()
    assert desk.states() == {"sending": 3}, "they were claimed, and this process does not know"
    monkeypatch.undo()
    await desk.deliver()
    assert desk.states() == all_accepted(3)
    assert len(desk.endpoint.sent) == 3
