"""Letting go what a run staged, or holding it: the guards against sending too much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select, update

from sync.states import Lane, State
from sync.store import tables

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from sources.units import Rate
    from sync.store.ledger import Scope

_version = tables.version


def unreleased(scope: Scope) -> Any:
    """Return the condition for versions whose run is not finished."""
    return and_(
        _version.c.endpoint == scope.endpoint,
        _version.c.source == scope.source,
        _version.c.state == State.PENDING,
        _version.c.due_at.is_(None),
    )


def hold_unreleased(connection: Connection, scope: Scope, reason: str) -> int:
    """Hold all of a source that is staged and not released; returns how many."""
    return _hold(connection, unreleased(scope), reason)


def hold_waiting(connection: Connection, scope: Scope, reason: str) -> int:
    """Hold all of a source that waits to be sent, released or not; returns how many."""
    waiting = and_(
        _version.c.endpoint == scope.endpoint,
        _version.c.source == scope.source,
        _version.c.state == State.PENDING,
    )
    return _hold(connection, waiting, reason)


def _hold(connection: Connection, which: Any, reason: str) -> int:
    held = update(_version).where(which).values(state=State.HELD.value, reason=reason)
    return connection.execute(held).rowcount


def release(connection: Connection, scope: Scope, max_sends: Rate | None, now: float) -> str | None:
    """Let go all of a source that its finished runs staged, but not what would be too much.

    What killed runs have left is let go, or held, with it. What a person asked for goes in any case.

    Returns:
        Why what nobody asked for is held instead, or None.

    """
    held = _hold_too_many(connection, scope, max_sends, now) if max_sends else None
    connection.execute(update(_version).where(unreleased(scope)).values(due_at=now))
    return held


def _hold_too_many(connection: Connection, scope: Scope, max_sends: Rate, now: float) -> str | None:
    not_asked_for = and_(unreleased(scope), _version.c.asked == 0)
    waiting = _count(connection, not_asked_for)
    recent = _sent_since(connection, scope, now - max_sends.per.total_seconds()) if waiting else 0
    if recent + waiting <= max_sends.count:
        return None
    reason = too_many(waiting, recent, max_sends)
    _hold(connection, not_asked_for, reason)
    return reason


def too_many(waiting: int, recent: int, max_sends: Rate) -> str:
    """Say why what a run staged is held."""
    before = f" on top of {recent} before" if recent else ""
    leads = "lead" if waiting == 1 else "leads"
    return f"{waiting} {leads} would be sent{before}, and max_sends is {max_sends}"


def _sent_since(connection: Connection, scope: Scope, since: float) -> int:
    """Count what a source has had released for sending since then, other than what was asked for."""
    gone = [State.SUPERSEDED, State.DISCARDED, State.HELD, State.INVALID]
    return _count(
        connection,
        and_(
            _version.c.endpoint == scope.endpoint,
            _version.c.source == scope.source,
            _version.c.staged_at >= since,
            _version.c.asked == 0,
            _version.c.lane != Lane.BACKFILL,
            _version.c.due_at.is_not(None),
            or_(_version.c.state.not_in(gone), _version.c.tries > 0),
        ),
    )


def _count(connection: Connection, condition: Any) -> int:
    return int(connection.execute(select(func.count()).select_from(_version).where(condition)).scalar_one())
