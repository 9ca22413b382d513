"""Letting go what a guard holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.states import State
from sync.store.actions.changing import IS_NEWEST, change, send_now
from sync.store.actions.outcome import Done
from sync.store.views.selection import versions_in

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from sync.store.views.selection import Selection


def approve(connection: Connection, selection: Selection, now: float) -> Done:
    """Let go the held versions of a selection; the next delivery sends them."""
    gone = change(connection, (versions_in(selection, [State.HELD]), IS_NEWEST), send_now(selection, now))
    return Done({State.HELD: len(gone)} if gone else {})
