"""Who accounts for a record that a source holds: the endpoint, the ledger, a later poll, or nobody."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sync.changes import is_older
from sync.compare import Kind
from sync.states import State

if TYPE_CHECKING:
    from sources.base import Record
    from sources.position import Position
    from sync.compare import Decision


class Account(StrEnum):
    """Where a record of a source stands. The states are those of its lead's newest version."""

    #: The endpoint took it as it is now.
    ACCEPTED = State.ACCEPTED.value
    PENDING = State.PENDING.value
    SENDING = State.SENDING.value
    HELD = State.HELD.value
    UNKNOWN = State.UNKNOWN.value
    REJECTED = State.REJECTED.value
    INVALID = State.INVALID.value
    SKIPPED = State.SKIPPED.value
    ADOPTED = State.ADOPTED.value
    DISCARDED = State.DISCARDED.value
    #: New or changed, and the next poll reads it.
    NOT_POLLED = "not-polled"
    #: It was there before the first sync, which was told to leave such records out.
    BEFORE_FIRST_SYNC = "before-first-sync"
    #: What the ledger knows of it is older, and no poll will read its change.
    OLDER_CONTENT = "older-content"
    #: The ledger does not know it, and no poll will read it.
    NEVER_SEEN = "never-seen"


#: Nobody accounts for these.
UNACCOUNTED = (Account.NEVER_SEEN, Account.OLDER_CONTENT)
#: What still goes out as it was, whatever its record says by now.
_WAITS = frozenset({State.PENDING, State.HELD, State.SENDING, State.UNKNOWN})
_CHANGES = frozenset({Kind.SEND, Kind.SET_ASIDE})


@dataclass(frozen=True, slots=True)
class Polls:
    """What the next poll of a source will read."""

    #: Where it begins, the look-back taken off; None: with everything.
    begins: Position | None = None
    #: For a source that has no times to begin at: whether it would give anything.
    has_news: bool = True

    def will_read(self, record: Record) -> bool:
        """Tell whether it reads a record; one whose time can't be told is read in every poll."""
        if self.begins is None:
            return True
        if self.begins.at is None or self.begins.token is not None:
            return self.has_news  # where it begins is not told by a time
        return not is_older(record.changed, self.begins.at)


def account_of(decision: Decision, polls: Polls) -> Account:
    """Return who accounts for a record, given what is decided about it as things stand."""
    known, kind = decision.known, decision.kind
    if known is None:
        return _of_unknown(decision, polls)
    if kind is Kind.REVERT:
        return Account.ACCEPTED
    if kind in _CHANGES or known.state is State.SUPERSEDED:
        return Account.NOT_POLLED if polls.will_read(decision.record) else Account.OLDER_CONTENT
    if kind is Kind.SKIP and known.state not in _WAITS:
        return Account.SKIPPED
    return Account(known.state.value)


def account_of_item(decision: Decision, polls: Polls) -> Account:
    """Return the same of an item that can't be a lead of its own; it has no time to tell by."""
    if decision.known is None:
        return Account.NOT_POLLED if polls.begins is None else Account.INVALID
    changed = decision.kind in _CHANGES
    return Account.INVALID if changed else Account(decision.known.state.value)


def _of_unknown(decision: Decision, polls: Polls) -> Account:
    if decision.kind is Kind.SKIP:
        return Account.SKIPPED
    if polls.will_read(decision.record):
        return Account.NOT_POLLED
    return Account.BEFORE_FIRST_SYNC if decision.kind is Kind.ADOPT else Account.NEVER_SEEN
