"""An outbox that counts what it claims, so that a store restored from a backup is known for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.store.claims import count_claims
from sync.store.outbox import Outbox

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from sync.store.gates import Gates
    from sync.store.mark import MarkFile
    from sync.store.outbox import Turn
    from sync.store.store import Store


class MarkingOutbox(Outbox):
    """Claims and settles, and notes in the mark how far it has come.

    Args:
        store: the state store.
        endpoint: its name.
        gates: what a version must pass when it is claimed; None: everything passes.
        mark: where it is noted.

    """

    def __init__(self, store: Store, endpoint: str, gates: Gates | None, mark: MarkFile) -> None:
        super().__init__(store, endpoint, gates)
        self._mark = mark
        self._reached = 0

    async def turn(self, *given: Any, **more: Any) -> Turn:
        """Do what an outbox does; once it is committed, the mark may say so."""
        turn = await super().turn(*given, **more)
        if turn.claimed:
            self._mark.reached(self._reached)
        return turn

    def _claim(self, connection: Connection, *given: Any) -> Turn:
        turn = super()._claim(connection, *given)
        if turn.claimed:
            self._reached = count_claims(connection, len(turn.claimed))
        return turn
