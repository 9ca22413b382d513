"""Where a version of a lead can stand, and who goes first."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class State(StrEnum):
    """Where a version of a lead stands. The store, the CLI and the docs use these words."""

    #: Staged; may be claimed when it is released and its time has come.
    PENDING = "pending"
    #: A guard stopped it; a person lets it go (`approve`) or puts it away (`discard`).
    HELD = "held"
    #: Claimed; committed as such before the first byte is written.
    SENDING = "sending"
    #: Sent, or claimed by a process that died, and never answered.
    UNKNOWN = "unknown"
    #: The endpoint took it; its payload is erased.
    ACCEPTED = "accepted"
    #: The endpoint refused this lead, or kept failing on it while others passed.
    REJECTED = "rejected"
    #: The mapping can't make a lead of it; the raw record is kept until that is settled.
    INVALID = "invalid"
    #: Known, and filtered by `where`.
    SKIPPED = "skipped"
    #: Known, and taken over as it was without sending.
    ADOPTED = "adopted"
    #: Known, and put away by a person.
    DISCARDED = "discarded"
    #: A newer version came before this one was sent.
    SUPERSEDED = "superseded"


#: A newer version takes the place of one that stands here; nothing of it was or will be sent.
REPLACEABLE = frozenset({State.PENDING, State.HELD, State.REJECTED, State.INVALID})
#: The next version of the lead waits behind one that stands here.
BLOCKING = frozenset({State.SENDING, State.UNKNOWN})
#: A person should look: these make a command end with exit code 1.
NEEDS_YOU = (State.INVALID, State.REJECTED, State.HELD, State.UNKNOWN)


class Lane(IntEnum):
    """Who goes first; the smaller number."""

    LIVE = 0
    RETRY = 1
    BACKFILL = 2


class Asked(IntEnum):
    """Whether a person asked in so many words for a version to be sent: `max_sends` counts it only if not."""

    NO = 0
    #: Among others: `first_sync: everything`, a backfill, leads let go by their state.
    IN_BULK = 1
    #: This very lead, by its id.
    BY_NAME = 2
