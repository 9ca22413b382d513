"""Turning away what does not pass: written in the transaction that would have claimed it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Double, Text, bindparam, null, update

from sync.states import State
from sync.store import tables
from sync.store.among import among
from sync.store.erasing import erase_payloads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

_version, _lead = tables.version, tables.lead


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A version that is not sent, and why."""

    version_id: int
    source: str
    key: str
    #: DISCARDED or HELD.
    state: State
    #: For people, without any value of the lead.
    reason: str


def turn_away(connection: Connection, turned: Sequence[TurnedAway], now: float) -> None:
    """Hold versions, or discard them: their payloads are erased, and their leads stand as discarded."""
    groups: defaultdict[tuple[State, str], list[int]] = defaultdict(list)
    for each in turned:
        groups[each.state, each.reason].append(each.version_id)
    for (state, reason), versions in groups.items():
        if state is State.HELD:
            connection.execute(_HOLD, {"versions": versions, "why": reason})
        else:
            connection.execute(_DISCARD, {"versions": versions, "why": reason, "now": now})
            connection.execute(_STAND, {"versions": versions, "why": reason})
    if gone := [each.version_id for each in turned if each.state is State.DISCARDED]:
        erase_payloads(connection, gone)


def put_off(connection: Connection, versions: Sequence[int], until: float) -> None:
    """Let versions wait."""
    if versions:
        connection.execute(_PUT_OFF, {"versions": list(versions), "until": until})


_why = bindparam("why", type_=Text)
_these = (among(_version.c.id, "versions"), _version.c.state == State.PENDING.value)
_HOLD = update(_version).where(*_these).values(state=State.HELD.value, reason=_why, due_at=null())
_DISCARD = (
    update(_version)
    .where(*_these)
    .values(
        state=State.DISCARDED.value,
        reason=_why,
        due_at=null(),
        settled_at=bindparam("now", type_=Double),
    )
)
#: Where its lead stands, when nothing newer came meanwhile.
_STAND = (
    update(_lead)
    .where(among(_lead.c.version_id, "versions"))
    .values(state=State.DISCARDED.value, reason=_why)
)
_PUT_OFF = update(_version).where(*_these).values(due_at=bindparam("until", type_=Double))
