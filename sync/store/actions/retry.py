"""Sending again what was rejected or is unknown, and mapping again what is invalid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update

from sync.screening import SYNTHETIC
from sync.states import State
from sync.store import tables
from sync.store.actions.changing import IS_NEWEST, change, erase, in_parts, send_now
from sync.store.actions.outcome import Done
from sync.store.views.leads import count_leads
from sync.store.views.selection import versions_in

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from sync.store.views.selection import Selection

_lead, _version = tables.lead, tables.version
RETRYABLE = (State.REJECTED, State.UNKNOWN, State.INVALID)
#: What is left alone, by where it stands.
_LEFT = {
    State.PENDING: "on their way already",
    State.SENDING: "being sent at this moment",
    State.HELD: "held by a guard: `leadrelay approve` lets them go",
}
_SYNTHETIC = "rows without a key of their own: mend them in the source"


def retry(connection: Connection, selection: Selection, now: float) -> Done:
    """Let the newest version of each lead of a selection be sent, or mapped, once more.

    An unknown version that is not the newest of its lead is superseded, so that the newest, which
    waits behind it, goes. An invalid record is mapped again by the next run of its source.
    """
    before = count_leads(connection, selection)
    changed = {
        State.REJECTED: _send(connection, selection, State.REJECTED, now),
        State.UNKNOWN: _let_newest_go(connection, selection, now)
        + _send(connection, selection, State.UNKNOWN, now),
        State.INVALID: _map_again(connection, selection),
    }
    left = {why: before[state] for state, why in _LEFT.items() if before.get(state)}
    if synthetic := before.get(State.INVALID, 0) - changed[State.INVALID]:
        left[_SYNTHETIC] = synthetic
    return Done({state: number for state, number in changed.items() if number}, left)


def _send(connection: Connection, selection: Selection, state: State, now: float) -> int:
    return len(change(connection, (versions_in(selection, [state]), IS_NEWEST), send_now(selection, now)))


def _let_newest_go(connection: Connection, selection: Selection, now: float) -> int:
    """Supersede unknown versions that newer ones wait behind."""
    superseded = {"state": State.SUPERSEDED.value, "settled_at": now}
    gone = change(connection, (versions_in(selection, [State.UNKNOWN]), _is_older()), superseded)
    erase(connection, [version for version, _ in gone])
    for some in in_parts([lead for _, lead in gone]):
        waits = (_version.c.lead_id.in_(some), _version.c.state == State.PENDING.value, IS_NEWEST)
        change(connection, waits, {"due_at": now, "asked": 1})
    return len(gone)


def _is_older() -> ColumnElement[bool]:
    newest = select(_lead.c.version_id).where(_lead.c.id == _version.c.lead_id).correlate(_version)
    found = newest.scalar_subquery()
    return or_(found.is_(None), found != _version.c.id)


def _map_again(connection: Connection, selection: Selection) -> int:
    """Forget which mapping refused a record, so that the next run gives it another chance."""
    own_key = select(_lead.c.id).where(
        _lead.c.id == _version.c.lead_id, ~_lead.c.key.startswith(SYNTHETIC, autoescape=True)
    )
    invalid = (versions_in(selection, [State.INVALID]), IS_NEWEST, own_key.exists())
    gone = change(connection, invalid, {"mapping_id": None})
    for some in in_parts([lead for _, lead in gone]):
        connection.execute(update(_lead).where(_lead.c.id.in_(some)).values(mapping_id=None))
    return len(gone)
