"""Where the leads of single records stand, and how many leads the ledger has of a source."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from sync.screening import SYNTHETIC
from sync.states import State
from sync.store import tables
from sync.store.chunks import chunks
from sync.store.views.leads import LeadRow, list_leads
from sync.store.views.selection import LEAD_STATES, OPEN_STATES, Selection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from sync.store.ledger import Scope

_lead = tables.lead
_STATES = (*OPEN_STATES, *LEAD_STATES)
_BEHIND_UNKNOWN = "waits behind an older version whose outcome is unknown"


def standing_of(connection: Connection, leads: Sequence[int]) -> dict[int, LeadRow]:
    """Return the newest version of each of these leads, and why it stands there; not of what is settled."""
    found: dict[int, LeadRow] = {}
    for some in chunks(leads):
        selection = Selection(tuple(some), _STATES)
        for row in list_leads(connection, selection, len(_STATES) * len(some)):
            before = found.get(row.lead_id)
            waits = before is not None and before.state is State.UNKNOWN and row.state is State.PENDING
            found[row.lead_id] = replace(row, reason=_BEHIND_UNKNOWN) if waits else row
    return found


def number_of_leads(connection: Connection, scope: Scope) -> int:
    """Return how many leads the ledger has of a source; items without a key of their own are none."""
    query = select(func.count()).where(
        _lead.c.endpoint == scope.endpoint,
        _lead.c.source == scope.source,
        ~_lead.c.key.startswith(SYNTHETIC, autoescape=True),
    )
    return int(connection.execute(query).scalar_one())
