"""Withdrawing what says again what the endpoint has, once nothing newer stands between the two.

A record that is changed and changed back while the change is in the air is staged: the endpoint may get the
change. When it did not take it, what it has already is right, and sending that again would be a repeat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from sync.states import Asked, State
from sync.store import tables
from sync.store.among import among
from sync.store.erasing import erase_payloads
from sync.store.unanswered import may_have_arrived

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

_lead, _version = tables.lead, tables.version


def withdraw_reverts(connection: Connection, leads: Sequence[int], now: float) -> None:
    """Supersede the newest versions of these leads where the endpoint has just what they say.

    Args:
        connection: the transaction to write in.
        leads: ids of leads of which a version was given up.
        now: the time, in seconds since the epoch.

    """
    versions = connection.scalars(_NEEDLESS, {"leads": list(leads)}).all()
    if versions:
        connection.execute(_WITHDRAW, {"versions": list(versions), "now": now})
        connection.execute(_STANDS, {"versions": list(versions)})
        erase_payloads(connection, versions)


_taken, _between = _version.alias("taken"), _version.alias("between")
_something_newer = (
    select(_between.c.id)
    .where(
        _between.c.lead_id == _version.c.lead_id,
        _between.c.id > _lead.c.accepted_id,
        may_have_arrived(_between),
    )
    .exists()
)
#: Not what a person asked for: that is to go although it says nothing new.
_NEEDLESS = (
    select(_version.c.id)
    .join(_lead, _lead.c.version_id == _version.c.id)
    .join(_taken, _taken.c.id == _lead.c.accepted_id)
    .where(
        among(_version.c.lead_id, "leads"),
        _version.c.state.in_([State.PENDING.value, State.HELD.value]),
        _version.c.asked == Asked.NO.value,
        _version.c.id > _taken.c.id,
        _version.c.fingerprint == _taken.c.fingerprint,
        ~_something_newer,
    )
)
_WITHDRAW = (
    update(_version)
    .where(among(_version.c.id, "versions"))
    .values(state=State.SUPERSEDED.value, settled_at=bindparam("now"), reason=None)
)
_STANDS = update(_lead).where(among(_lead.c.version_id, "versions")).values(version_id=_lead.c.accepted_id)
