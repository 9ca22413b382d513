"""What is counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sync.sandbox.entries import Entry

#: Leads that were stored more than once are listed in `Stats.as_data` up to this many; all are counted.
REPEATED_SHOWN = 100
#: Counted under this name when a request never got an answer.
UNANSWERED = "none"


@dataclass(slots=True)
class Stats:
    """Counts since the start or the last reset; they go on when old log entries are dropped."""

    #: Requests that arrived whole.
    requests: int = 0
    #: Leads stored, and so texts counted, whatever the client was told.
    accepted: int = 0
    #: Complete requests that stored nothing.
    rejected: int = 0
    #: Requests whose connection ended before their body did: neither stored nor counted elsewhere.
    incomplete: int = 0
    #: Clients that were gone before they had the answer.
    clients_left: int = 0
    #: Texts that Hatch would have sent.
    texts: int = 0
    #: Finished requests by status of the answer, "none" for those that got none or whose client was gone.
    by_status: Counter[str] = field(default_factory=Counter)
    in_flight: int = 0
    max_in_flight: int = 0
    #: Stored POSTs by department and lead id.
    posts_by_lead: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: Leads stored whose department and body, byte for byte, had been stored before.
    identical_bodies: int = 0
    _bodies: set[bytes] = field(default_factory=set)

    def begin(self) -> None:
        """Count a request that is being worked on."""
        self.in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self.in_flight)

    def stored(self, entry: Entry) -> None:
        """Count a lead that was stored."""
        self.accepted += 1
        self.texts += entry.texts
        if entry.lead:
            self.posts_by_lead[entry.department, entry.lead] += 1
        digest = blake2b(entry.body, key=entry.department.encode()[:64], digest_size=16).digest()
        self.identical_bodies += digest in self._bodies
        self._bodies.add(digest)

    def finished(self, entry: Entry) -> None:
        """Count a request that is over."""
        self.rejected += not entry.stored
        self.by_status[str(entry.status or UNANSWERED) if entry.stayed else UNANSWERED] += 1
        self.clients_left += entry.stayed is False

    def repeated_leads(self) -> dict[str, int]:
        """Return the leads that were stored more than once, with how often; ``department/id`` names them."""
        repeated = {key: posts for key, posts in self.posts_by_lead.copy().items() if posts > 1}
        return {f"{department}/{lead}": posts for (department, lead), posts in repeated.items()}

    def as_data(self) -> dict[str, Any]:
        """Return the counts as JSON data."""
        repeated = self.repeated_leads()
        return {
            "requests": self.requests,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "incomplete": self.incomplete,
            "clients_left": self.clients_left,
            "by_status": dict(self.by_status.copy()),
            "in_flight": self.in_flight,
            "max_in_flight": self.max_in_flight,
            "texts": self.texts,
            "leads": len(self.posts_by_lead),
            "leads_accepted_more_than_once": len(repeated),
            "repeated_leads": dict(list(repeated.items())[:REPEATED_SHOWN]),
            "identical_bodies": self.identical_bodies,
        }
