"""Settling: what a receipt does to a version, its lead and its payload."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Double,
    Integer,
    SmallInteger,
    Text,
    and_,
    bindparam,
    case,
    delete,
    func,
    null,
    or_,
    select,
    update,
)

from sync.states import Lane, State
from sync.store import tables
from sync.store.among import among
from sync.store.bulk import insert_many
from sync.store.reverting import withdraw_reverts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

_version, _lead, _payload = tables.version, tables.lead, tables.payload


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is to become of one claimed version."""

    version_id: int
    lead_id: int
    #: ACCEPTED, REJECTED, UNKNOWN, or PENDING for one that is to be sent again.
    state: State
    #: How the attempt ended, in the words of `sync.endpoints.base.Outcome`.
    outcome: str
    #: For people, without any value of the lead.
    detail: str = ""
    status: int | None = None
    seconds: float | None = None
    #: For PENDING: not before this time.
    due_at: float | None = None
    #: For PENDING: who goes first from now on.
    lane: Lane = Lane.LIVE
    #: For PENDING: how often it will then have been sent again after an unknown outcome.
    repeats: int = 0


def settle(connection: Connection, settlements: Sequence[Settlement], claimer: str, now: float) -> int:
    """Write what became of versions that this process had claimed, and what that means for their leads.

    A version that is to be sent again gives way to a newer one of its lead: an older version is never
    sent after a newer one.

    Returns:
        How many gave way.

    """
    insert_many(connection, tables.attempt, _ATTEMPT, [_attempt(each, now) for each in settlements])
    accepted = [each for each in settlements if each.state is State.ACCEPTED]
    others = [_values(each, claimer, now) for each in settlements if each.state is not State.ACCEPTED]
    if accepted:
        versions = [each.version_id for each in accepted]
        connection.execute(_ACCEPT, {"versions": versions, "by": claimer, "now": now})
        connection.execute(_LEDGER, {"versions": versions})
        connection.execute(_ERASE, {"versions": versions})
    if not others:
        return 0
    connection.execute(_RETURN, others)
    gone = connection.execute(_SUPERSEDED, {"versions": [row["of"] for row in others]}).all()
    if gone:
        connection.execute(_ERASE, {"versions": [version for version, _ in gone]})
        withdraw_reverts(connection, [lead for _, lead in gone], now)
    return len(gone)


_ATTEMPT = ("version_id", "lead_id", "at", "outcome", "status", "seconds", "detail")


def _attempt(each: Settlement, now: float) -> tuple[Any, ...]:
    detail = each.detail or None
    return each.version_id, each.lead_id, now, each.outcome, each.status, each.seconds, detail


def _values(each: Settlement, claimer: str, now: float) -> dict[str, Any]:
    return {
        "of": each.version_id,
        "by": claimer,
        "now": now,
        "to": each.state.value,
        "due": each.due_at,
        "in_lane": each.lane.value,
        "said": each.detail or None,
        "again": each.repeats,
    }


# One statement for all of a group, not one each: every step of SQLite's gives the interpreter lock away and
# wants it back, and with requests in the air beside it that waits.
_to = bindparam("to", type_=Text)
_now = bindparam("now", type_=Double)
_held_by_us = (
    _version.c.state == State.SENDING.value,
    _version.c.claimed_by == bindparam("by", type_=Text),
)
_ACCEPT = (
    update(_version)
    .where(among(_version.c.id, "versions"), *_held_by_us)
    .values(state=State.ACCEPTED.value, settled_at=_now, reason=None, claimed_by=None)
)
_taken = (
    select(_version.c.lead_id, func.max(_version.c.id).label("id"))
    .where(among(_version.c.id, "versions"))
    .group_by(_version.c.lead_id)
    .subquery()
)
#: What the endpoint has is the newest version it ever took.
_LEDGER = (
    update(_lead)
    .where(
        _lead.c.id == _taken.c.lead_id,
        or_(_lead.c.accepted_id.is_(None), _lead.c.accepted_id < _taken.c.id),
    )
    .values(accepted_id=_taken.c.id)
)
#: Only of what stands so: after a lost session another process may have taken the version over.
_ERASE = delete(_payload).where(
    among(_payload.c.version_id, "versions"),
    select(_version.c.id)
    .where(
        _version.c.id == _payload.c.version_id,
        or_(_version.c.state == State.ACCEPTED.value, _version.c.state == State.SUPERSEDED.value),
    )
    .exists(),
)
_newest = select(_lead.c.version_id).where(_lead.c.id == _version.c.lead_id).scalar_subquery()
_again = _to == State.PENDING.value
#: Anything but an unknown outcome, about which a person is asked, gives way to a newer version.
_gives_way = and_(
    _to != State.UNKNOWN.value,
    or_(_newest.is_(None), _newest != _version.c.id),
)
_RETURN = (
    update(_version)
    .where(_version.c.id == bindparam("of", type_=BigInteger), *_held_by_us)
    .values(
        state=case((_gives_way, State.SUPERSEDED.value), else_=_to),
        due_at=case((_again, bindparam("due", type_=Double)), else_=_version.c.due_at),
        lane=bindparam("in_lane", type_=SmallInteger),
        repeats=bindparam("again", type_=Integer),
        reason=bindparam("said", type_=Text),
        settled_at=case((_again, null()), else_=_now),
        claimed_by=None,
    )
)
_SUPERSEDED = select(_version.c.id, _version.c.lead_id).where(
    among(_version.c.id, "versions"), _version.c.state == State.SUPERSEDED.value
)
