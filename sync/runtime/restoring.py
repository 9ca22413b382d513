"""Noticing that the state store was restored from a backup, before anything is sent from it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sync.events import Said
from sync.store import restored
from sync.store.claims import claims, claims_for_writing

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from sync.runtime.connector import Connector

_HELD = (
    "all that waits is held, and so is what the next run of each source finds; `leadrelay approve` lets it go"
)


async def hold_if_restored(connector: Connector) -> None:
    """Hold everything where the store can't know all that was sent; said once.

    Raises:
        StoreError: when the store can't be used.

    """
    store, file = connector.store, connector.mark
    mark = file.read()  # before the store: it may lag behind, and must not seem to be ahead
    look = partial(restored.look, mark=mark, store=file.store)
    if await store.read(look) is None:
        if await store.read(restored.server_is_news):
            await store.write(restored.note_server)
        file.reached(await store.read(claims))
        return
    reason, known = await store.write(lambda connection: _hold(connection, connector))
    file.put(known)
    if reason is not None:
        connector.tell(Said(f"{reason}; {_HELD}", warning=True))


def _hold(connection: Connection, connector: Connector) -> tuple[str | None, int]:
    """Hold everything, unless another process has done it by now; returns why, and the claims known."""
    known, mark = claims_for_writing(connection), connector.mark.read()
    reason = restored.look(connection, mark, connector.mark.store)
    if reason is None:
        return None, known
    return reason, restored.begin_holding(connection, reason, list(connector.config.sources), mark)


async def held_since_restored(connector: Connector, source: str) -> str | None:
    """Return why all that the next run of a source stages is to be held, None for no reason.

    Raises:
        StoreError: when the store can't be used.

    """
    return await connector.store.read(lambda connection: restored.hold_reason(connection, source))


async def held_once(connector: Connector, source: str) -> None:
    """Note that a whole run of a source was held: what comes after that goes on as ever.

    Raises:
        StoreError: when the store can't be used.

    """
    await connector.store.write(lambda connection: restored.was_held(connection, source))
