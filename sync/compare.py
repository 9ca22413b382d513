"""What a record means for its lead, compared with the newest version known. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

from sync.changes import is_older, newest
from sync.created import too_old
from sync.digest import CURRENT, ENCODINGS
from sync.lead import Invalid, Lead, Skip
from sync.states import BLOCKING, State

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sources.base import Record
    from sources.position import Cursor


class Evaluates(Protocol):
    """A compiled mapping, as far as comparing needs it."""

    @property
    def hash(self) -> str:
        """Digest of all that decides its results."""
        ...

    @property
    def reads(self) -> frozenset[str] | None:
        """Names of the fields it reads, None for all of a record."""
        ...

    def apply(self, record: Record) -> Lead | Skip | Invalid:
        """Make a lead of a record, or say why not."""
        ...

    def record_digest(self, record: Record, version: int = CURRENT) -> bytes:
        """Digest what the mapping reads of a record."""
        ...

    def fingerprint(self, lead: Lead, version: int = CURRENT) -> bytes:
        """Digest what a lead says."""
        ...


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger knows of a lead: its newest version, in whatever state."""

    id: int
    state: State
    fingerprint: bytes | None
    record_digest: bytes | None
    #: Hash of the mapping it was made by.
    mapping: str
    #: Version of the encoding of its digests.
    encoding: int
    changed: Cursor | None
    #: What the endpoint last accepted, which may be older than the newest version.
    accepted: bytes | None
    #: Id of the version that was accepted, and hash of the mapping its fingerprint is by.
    accepted_id: int | None = None
    accepted_mapping: str | None = None
    #: Whether something of it may have arrived that was never accepted: a request for it was not answered.
    may_have_arrived: bool = False


class Kind(Enum):
    """What is to be done about a record."""

    #: Nothing: the ledger has it like this.
    SAME = auto()
    #: Nothing to send, but it is newer than the ledger says.
    TOUCH = auto()
    #: Nothing to send, but the ledger's digests are to be renewed.
    REBASE = auto()
    #: A version older than the one known.
    STALE = auto()
    #: A new version to send.
    SEND = auto()
    #: It is again what the endpoint has; what was waiting is superseded.
    REVERT = auto()
    #: Known from now on, not to be sent.
    ADOPT = auto()
    #: Filtered by `where`, or created before `created_after`.
    SKIP = auto()
    #: No lead can be made of it.
    SET_ASIDE = auto()


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done about one record, with all that doing it needs."""

    kind: Kind
    record: Record
    known: Known | None
    digest: bytes | None = None
    fingerprint: bytes | None = None
    lead: Lead | None = None
    reason: str | None = None
    #: Whether the mapping alone has changed: the record is what it was.
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """Under which a poll's records are compared."""

    #: The mapping in force.
    mapping: Evaluates
    #: Finds an older mapping by its hash; None when this program can't read it any more.
    older: Callable[[str], Evaluates | None]
    #: Tells whether a record is taken over without sending, for the first sync.
    adopts: Callable[[Record, Lead | Skip | Invalid], bool] | None = None
    #: Whether what was adopted is sent now, as a backfill does.
    sends_adopted: bool = False
    #: A lead that was created before this and that the endpoint never took is filtered.
    created_after: datetime | None = None


def decide(record: Record, digest: bytes, known: Known | None, rules: Rules) -> Decision:
    """Compare one record, with its digest under the mapping in force, with what the ledger knows."""
    if known is None:
        return _first_seen(record, digest, rules)
    if known.state is State.ADOPTED and rules.sends_adopted and not is_older(record.changed, known.changed):
        return _changed(record, replace(known, fingerprint=None), digest, rules)
    current = known.mapping == rules.mapping.hash and known.encoding == CURRENT
    if current and digest == known.record_digest:
        return (
            _changed(record, known, digest, rules)
            if _is_mended(record, known, rules)
            else _aged(record, known, digest, rules) or _same(record, known)
        )
    if not current and known.state is not State.INVALID and _unchanged_for_older(record, known, rules):
        edited = known.mapping != rules.mapping.hash
        return replace(_rebased(record, known, digest, rules), edited=edited)
    if is_older(record.changed, known.changed):
        return Decision(Kind.STALE, record, known)
    return _changed(record, known, digest, rules)


def _is_mended(record: Record, known: Known, rules: Rules) -> bool:
    """Tell whether a record that could not be mapped can be now: the digest leaves out what is ignored."""
    if known.state is not State.INVALID or is_older(record.changed, known.changed):
        return False
    return not isinstance(rules.mapping.apply(record), Invalid)


#: What another `created_after` still filters, unless it was sent without an answer.
_UNSENT = (State.PENDING, State.HELD)


def _aged(record: Record, known: Known, digest: bytes, rules: Rules) -> Decision | None:
    """Follow a `created_after` that was moved, as a `where` is followed that was edited: nothing is sent.

    A lead that was filtered by its age alone, which the ledger tells by the fingerprint it has all the
    same, and is so no more, is adopted. One that waits and is too old by now is filtered.
    """
    filtered = known.state is State.SKIPPED and known.fingerprint is not None
    waits = rules.created_after is not None and known.state in _UNSENT
    outcome = rules.mapping.apply(record) if filtered or waits else None
    if not isinstance(outcome, Lead):
        return None
    old = _too_old(outcome, known, rules)
    if filtered and not old:
        return Decision(Kind.ADOPT, record, known, digest, rules.mapping.fingerprint(outcome), outcome)
    return _skipped(record, known, digest, rules, (outcome, old)) if waits and old else None


def _too_old(lead: Lead, known: Known | None, rules: Rules) -> str | None:
    """Return why a lead is filtered by its age; what the endpoint has, or may have, never is."""
    if known is not None and (known.accepted is not None or known.state in BLOCKING):
        return None
    if known is not None and known.may_have_arrived:
        return None
    return too_old(lead, rules.created_after)


def _skipped(
    record: Record, known: Known | None, digest: bytes, rules: Rules, why: tuple[Lead, str]
) -> Decision:
    lead, reason = why
    return Decision(Kind.SKIP, record, known, digest, rules.mapping.fingerprint(lead), lead, reason)


def set_aside(record: Record, digest: bytes, reason: str, known: Known | None) -> Decision:
    """Decide about an item that can't be a lead of its own, with the digest of all it holds.

    What a person has put away stays away until it changes.
    """
    settled = known is not None and known.state in (State.INVALID, State.DISCARDED)
    if known is not None and settled and known.record_digest == digest:
        return Decision(Kind.SAME, record, known)
    return Decision(Kind.SET_ASIDE, record, known, digest, reason=reason)


def _same(record: Record, known: Known) -> Decision:
    """Keep the newest change time, by which a stale replica is told."""
    moved = newest(record.changed, known.changed) != known.changed
    return Decision(Kind.TOUCH if moved else Kind.SAME, record, known)


def _first_seen(record: Record, digest: bytes, rules: Rules) -> Decision:
    outcome = rules.mapping.apply(record)
    adopt = rules.adopts is not None and rules.adopts(record, outcome)
    if isinstance(outcome, Skip):
        return Decision(Kind.SKIP, record, None, digest, reason=outcome.reason)
    if isinstance(outcome, Invalid):
        kind = Kind.ADOPT if adopt else Kind.SET_ASIDE
        return Decision(kind, record, None, digest, reason=outcome.reason)
    if old := _too_old(outcome, None, rules):
        return _skipped(record, None, digest, rules, (outcome, old))
    kind = Kind.ADOPT if adopt else Kind.SEND
    return Decision(kind, record, None, digest, rules.mapping.fingerprint(outcome), outcome)


def _changed(record: Record, known: Known, digest: bytes, rules: Rules) -> Decision:
    outcome = rules.mapping.apply(record)
    if isinstance(outcome, Skip):
        return Decision(Kind.SKIP, record, known, digest, reason=outcome.reason)
    if isinstance(outcome, Invalid):
        return Decision(Kind.SET_ASIDE, record, known, digest, reason=outcome.reason)
    if old := _too_old(outcome, known, rules):
        return _skipped(record, known, digest, rules, (outcome, old))
    fingerprint = rules.mapping.fingerprint(outcome)
    if fingerprint == known.fingerprint and known.state not in (State.SKIPPED, State.INVALID):
        return Decision(Kind.REBASE, record, known, digest, fingerprint, outcome)
    kind = Kind.REVERT if _is_accepted(record, outcome, known, rules) else Kind.SEND
    return Decision(kind, record, known, digest, fingerprint, outcome)


def _is_accepted(record: Record, lead: Lead, known: Known, rules: Rules) -> bool:
    """Tell whether the endpoint has the record as it is, as the mapping of that time sees it."""
    if known.accepted is None:
        return False
    if _gives(rules.mapping, lead, known.accepted):
        return True
    if known.accepted_mapping is None or known.accepted_mapping == rules.mapping.hash:
        return False
    older = rules.older(known.accepted_mapping)
    outcome = older.apply(record) if older else None
    return older is not None and isinstance(outcome, Lead) and _gives(older, outcome, known.accepted)


def _gives(mapping: Evaluates, lead: Lead, fingerprint: bytes) -> bool:
    """Tell whether a lead has a fingerprint, in whichever encoding that was made."""
    return any(mapping.fingerprint(lead, version) == fingerprint for version in ENCODINGS)


def _rebased(record: Record, known: Known, digest: bytes, rules: Rules) -> Decision:
    """Renew what the ledger keeps of an unchanged record after the mapping was edited."""
    outcome = rules.mapping.apply(record)
    if isinstance(outcome, Skip):
        return Decision(Kind.SKIP, record, known, digest, reason=outcome.reason)
    if isinstance(outcome, Invalid):
        # Setting it aside would send it once the mapping is mended, though nothing changed.
        kind = Kind.ADOPT if known.state is State.SKIPPED else Kind.REBASE
        return Decision(kind, record, known, digest, reason=outcome.reason)
    old = _too_old(outcome, known, rules) if known.state is not State.DISCARDED else None
    if old:
        return _skipped(record, known, digest, rules, (outcome, old))
    if known.state is State.SKIPPED and rules.sends_adopted:
        return _changed(record, known, digest, rules)  # asked for, as what was adopted is
    fingerprint = rules.mapping.fingerprint(outcome)
    kind = Kind.ADOPT if known.state is State.SKIPPED else Kind.REBASE
    return Decision(kind, record, known, digest, fingerprint, outcome)


def _unchanged_for_older(record: Record, known: Known, rules: Rules) -> bool:
    """Tell whether a record is what it was, as the mapping that made its lead sees it."""
    mapping = rules.mapping if known.mapping == rules.mapping.hash else rules.older(known.mapping)
    if mapping is None:
        return True  # it can't be told any more; an edit or an upgrade never sends by itself
    try:
        if mapping.record_digest(record, known.encoding) == known.record_digest:
            return True
        outcome = mapping.apply(record)
        return isinstance(outcome, Lead) and mapping.fingerprint(outcome, known.encoding) == known.fingerprint
    except KeyError:  # an encoding this program does not know
        return True
