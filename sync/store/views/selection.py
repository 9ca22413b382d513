"""Which leads are meant: by the options of `leads`, `retry`, `discard` and `approve`, or by id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select

from sources.keys import canonical_key
from sync.states import State
from sync.store import tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Connection

_lead, _version = tables.lead, tables.version

#: States that stand in a version's row and are not the end of it.
OPEN_STATES = (State.PENDING, State.HELD, State.SENDING, State.UNKNOWN, State.REJECTED, State.INVALID)
#: States that stand in the lead's own row.
LEAD_STATES = (State.SKIPPED, State.ADOPTED, State.DISCARDED)


@dataclass(frozen=True, slots=True)
class Selection:
    """A choice among leads. Everything that is given must hold."""

    #: Ids of leads in the store, as `find_leads` returns them; None: any.
    leads: tuple[int, ...] | None = None
    states: tuple[State, ...] = OPEN_STATES
    source: str | None = None
    #: Text that the reason has somewhere in it, whatever its case.
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class LeadName:
    """A lead as people name it."""

    id: int
    endpoint: str
    source: str
    key: str

    def __str__(self) -> str:
        """Return ``source:key``."""
        return f"{self.source}:{self.key}"


def find_leads(connection: Connection, text: str) -> list[LeadName]:
    """Return every lead that an id means: ``source:key``, or a key that any source may have."""
    source, colon, rest = text.partition(":")
    key = canonical_key(text)
    meant = [_lead.c.key == key] if key else []
    if colon and (inner := canonical_key(rest)):
        meant.append(and_(_lead.c.source == source, _lead.c.key == inner))
    if not meant:
        return []
    columns = (_lead.c.id, _lead.c.endpoint, _lead.c.source, _lead.c.key)
    query = select(*columns).where(or_(*meant)).order_by(*columns)
    return [LeadName(*row) for row in connection.execute(query)]


def versions_in(selection: Selection, states: Iterable[State]) -> ColumnElement[bool]:
    """Return the condition for versions of a selection that stand in some of its states."""
    wanted = [state.value for state in states if state in selection.states]
    return and_(_version.c.state.in_(wanted), *_common(selection, _version, _version.c.lead_id))


def leads_in(selection: Selection) -> ColumnElement[bool]:
    """Return the condition for leads of a selection whose own row says where they stand."""
    wanted = [state.value for state in LEAD_STATES if state in selection.states]
    return and_(_lead.c.state.in_(wanted), *_common(selection, _lead, _lead.c.id))


def _common(selection: Selection, table: Any, lead: Any) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if selection.leads is not None:
        conditions.append(lead.in_(selection.leads))
    if selection.source is not None:
        conditions.append(table.c.source == selection.source)
    if selection.reason is not None:
        conditions.append(table.c.reason.icontains(selection.reason, autoescape=True))
    return conditions
