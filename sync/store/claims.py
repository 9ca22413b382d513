"""How many claims there have ever been: the measure of how much of what was sent a store can know."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select, update

from sync.store import tables
from sync.store.upsert import insert_ignoring

_counter = tables.counter
_NAME = "claim"
_of_claims = _counter.c.name == _NAME
_RAISE = (
    update(_counter)
    .where(_of_claims)
    .values(value=_counter.c.value + bindparam("more"))
    .returning(_counter.c.value)
)


def claims(connection: Any) -> int:
    """Return how many versions were ever claimed."""
    return int(connection.execute(select(_counter.c.value).where(_of_claims)).scalar() or 0)


def count_claims(connection: Any, more: int) -> int:
    """Count claims, in the transaction that commits them; returns how many there have been."""
    reached = connection.execute(_RAISE, {"more": more}).scalar()
    if reached is None:
        insert_ignoring(connection, _counter, [{"name": _NAME, "value": 0}], ["name"])
        reached = connection.execute(_RAISE, {"more": more}).scalar_one()
    return int(reached)


def claims_for_writing(connection: Any) -> int:
    """Return how many there have been; until this transaction ends nobody else counts."""
    return count_claims(connection, 0)
