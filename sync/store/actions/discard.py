"""Putting leads away: known from then on, and not sent as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from sync.states import State
from sync.store import tables
from sync.store.actions.changing import change, erase, in_parts
from sync.store.actions.outcome import Done
from sync.store.views.leads import count_leads
from sync.store.views.selection import versions_in

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from sync.store.views.selection import Selection

_lead = tables.lead
#: What is in the air can't be put away: it may have arrived already.
DISCARDABLE = (State.PENDING, State.HELD, State.UNKNOWN, State.REJECTED, State.INVALID)
_REASON = "put away by a person"


def discard(connection: Connection, selection: Selection, now: float) -> Done:
    """Put away the versions of a selection that are not in the air, and erase their payloads.

    A lead whose newest version this is stands as discarded until its record changes.
    """
    sending = count_leads(connection, selection).get(State.SENDING, 0)
    changed: dict[State, int] = {}
    for state in DISCARDABLE:
        values = {"state": State.DISCARDED.value, "settled_at": now, "due_at": None}
        gone = change(connection, [versions_in(selection, [state])], values)
        if gone:
            changed[state] = len(gone)
            erase(connection, [version for version, _ in gone])
            _stand_discarded(connection, [version for version, _ in gone])
    return Done(changed, {"being sent at this moment": sending} if sending else {})


def _stand_discarded(connection: Connection, versions: list[int]) -> None:
    for some in in_parts(versions):
        put_away = update(_lead).where(_lead.c.version_id.in_(some))
        connection.execute(put_away.values(state=State.DISCARDED.value, reason=_REASON))
