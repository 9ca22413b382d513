"""Requests that were made and never answered: what they carried may have arrived, whatever became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from sync.states import BLOCKING, State
from sync.store import tables

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause, ScalarSelect

_attempt = tables.attempt


def unanswered_at(version: FromClause) -> ScalarSelect[Any]:
    """Return when a request for a version was last made and never answered.

    Args:
        version: the table of versions, or an alias of it, that the statement selects from.

    Returns:
        In seconds since the epoch; NULL: every request was answered.

    """
    # A value, not EXISTS: PostgreSQL may answer that by reading the whole table of attempts once.
    return (
        select(func.max(_attempt.c.at))
        .where(
            _attempt.c.lead_id == version.c.lead_id,  # by which attempts are found
            _attempt.c.version_id == version.c.id,
            _attempt.c.outcome == State.UNKNOWN.value,
        )
        .scalar_subquery()
    )


def may_have_arrived(version: FromClause) -> ColumnElement[bool]:
    """Return whether a version that was not accepted may have arrived, or may arrive yet."""
    in_doubt = version.c.state.in_(sorted(BLOCKING)), version.c.repeats > 0
    return or_(*in_doubt, unanswered_at(version).is_not(None))
