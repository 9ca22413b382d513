"""What a person asks to have sent on purpose: a span of the past, or once more what was accepted.

A wish decides about each record that is read for it; the reading and staging is `sync.backfill`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from sources.base import Window
from sync.compare import Decision, Kind, decide
from sync.first_sync import moment, time_of
from sync.lead import Lead
from sync.states import State

if TYPE_CHECKING:
    from sources.base import Record
    from sync.compare import Known, Rules

#: What is decided about a record that is what it was.
UNCHANGED = frozenset({Kind.SAME, Kind.TOUCH, Kind.REBASE})


class Wishes(Protocol):
    """What is asked for."""

    @property
    def window(self) -> Window | None:
        """What the source is asked to keep to, None for everything."""
        ...

    @property
    def limit(self) -> int | None:
        """At most so many leads."""
        ...

    @property
    def reads_all(self) -> bool:
        """Whether it looks at more of a record than the mapping does."""
        ...

    @property
    def only_differing(self) -> bool:
        """Whether only those leads are meant that say something else than the endpoint was given last."""
        ...

    def request(self) -> dict[str, Any]:
        """Return all that is asked for, as JSON: an unfinished job of the same is gone on with."""
        ...

    def decide(self, record: Record, digest: bytes, known: Known | None, rules: Rules) -> Decision | None:
        """Decide about a record, None when it is not asked for."""
        ...


@dataclass(frozen=True, slots=True)
class Wish:
    """Leads of a span that the endpoint does not have."""

    #: Half-open: since <= time < until.
    span: Window = field(default_factory=Window)
    #: Whether the span is about when a lead was created, not when it was last changed.
    by_created: bool = False
    limit: int | None = None

    @property
    def window(self) -> Window | None:
        """What the source is asked to keep to; it knows when records changed, not when they were made."""
        return self.span if self._is_bounded and not self.by_created else None

    @property
    def reads_all(self) -> bool:
        """It looks at what the mapping reads."""
        return False

    @property
    def only_differing(self) -> bool:
        """What the ledger knows decides."""
        return False

    @property
    def _is_bounded(self) -> bool:
        return self.span.since is not None or self.span.until is not None

    def request(self) -> dict[str, Any]:
        """Return all that is asked for, as JSON."""
        since, until = self.span.since, self.span.until
        return {
            "since": since.isoformat() if since else None,
            "until": until.isoformat() if until else None,
            "by": "created" if self.by_created else "changed",
            "limit": self.limit,
        }

    def decide(self, record: Record, digest: bytes, known: Known | None, rules: Rules) -> Decision | None:
        """Decide about a record; one outside of the span, or without a time to tell by, is not asked for."""
        decision = decide(record, digest, known, rules)
        if not self._is_bounded:
            return decision
        when = self._when(decision, rules)
        since, until = self.span.since, self.span.until
        inside = when is not None and (since is None or when >= since) and (until is None or when < until)
        return decision if inside else None

    def _when(self, decision: Decision, rules: Rules) -> datetime | None:
        record = decision.record
        if not self.by_created and isinstance(record.changed, datetime):
            return record.changed
        outcome = decision.lead or rules.mapping.apply(record)
        if self.by_created:
            return time_of(outcome, "createdAt") if isinstance(outcome, Lead) else None
        return moment(record, outcome)


class Passes(Protocol):
    """A condition on records."""

    def __call__(self, record: Record) -> bool:
        """Tell whether it holds."""
        ...


@dataclass(frozen=True, slots=True)
class SendAgain:
    """Leads that the endpoint has accepted, once more, as their records are now.

    Those that are named are sent as well when they were discarded: nothing but a name sends them.
    """

    where: Passes | None = None
    #: The condition as it was written.
    text: str | None = None
    limit: int | None = None
    #: Canonical keys, None for any.
    ids: frozenset[str] | None = None
    #: Only those that an edit of the mapping has made others, while their records are what they were.
    edited: bool = False

    @property
    def window(self) -> Window | None:
        """Everything is read."""
        return None

    @property
    def reads_all(self) -> bool:
        """Its condition may be about any field."""
        return self.where is not None

    @property
    def only_differing(self) -> bool:
        """What an edit leaves as it was is not sent."""
        return self.edited

    def request(self) -> dict[str, Any]:
        """Return all that is asked for, as JSON."""
        named: dict[str, Any] = {} if self.ids is None else {"ids": sorted(self.ids)}
        edited = {"edited": True} if self.edited else {}
        return {"again": True, "where": self.text, "limit": self.limit, **named, **edited}

    def decide(self, record: Record, digest: bytes, known: Known | None, rules: Rules) -> Decision | None:
        """Decide about a record: only what is accepted as it stands is sent again, or named."""
        if known is None or not self._is_meant(record, known):
            return None
        if self.where is not None and not self.where(record):
            return None
        if self.edited and decide(record, digest, known, rules).kind not in UNCHANGED:
            return None  # its record has changed: the next sync sends it
        outcome = rules.mapping.apply(record)
        if not isinstance(outcome, Lead):
            return None
        return Decision(Kind.SEND, record, known, digest, rules.mapping.fingerprint(outcome), outcome)

    def _is_meant(self, record: Record, known: Known) -> bool:
        if self.ids is not None and record.key not in self.ids:
            return False
        if self.ids is not None and known.state is State.DISCARDED:
            return True
        return known.state is State.ACCEPTED and known.accepted is not None


@dataclass(frozen=True, slots=True)
class Judging:
    """Nothing: what an edit of the mapping would do to the records that are known is looked at."""

    span: Window = field(default_factory=Window)

    @property
    def window(self) -> Window | None:
        """What the source is asked to keep to."""
        return Wish(self.span).window

    @property
    def limit(self) -> int | None:
        """Return None: it is read to its end."""
        return None

    @property
    def reads_all(self) -> bool:
        """It looks at what the mappings read."""
        return False

    @property
    def only_differing(self) -> bool:
        """What stays as it is is looked at too."""
        return False

    def request(self) -> dict[str, Any]:
        """Return what is looked at, as JSON."""
        return {"judging": True, **Wish(self.span).request()}

    def decide(self, record: Record, digest: bytes, known: Known | None, rules: Rules) -> Decision | None:
        """Decide as a sync does about what is known; what is new no edit has changed."""
        if known is None:
            return None
        return Wish(self.span).decide(record, digest, known, replace(rules, sends_adopted=False))
