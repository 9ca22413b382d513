"""All that the sandbox knows: contacts, request log, counts, faults and rules.

The server works on it in its own thread while a test looks at it from another, so every change is made
under one lock, and what is read out is a copy.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sync.sandbox.access import Access
from sync.sandbox.arrival import Answer, Refused
from sync.sandbox.contacts import Contact, Contacts
from sync.sandbox.entries import Entry, RequestLog
from sync.sandbox.faults import ArmedFault, Fault, faults_of, strike
from sync.sandbox.gate import Gate, accepted
from sync.sandbox.rules import Rules
from sync.sandbox.stats import Stats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from sync.sandbox.calls import Call

#: Entries of the request log that are kept in memory.
KEEP = 50_000


class State:
    """What a sandbox is made of, and what a test asks it."""

    def __init__(
        self,
        access: Access | None = None,
        rules: Rules | None = None,
        *,
        keep: int = KEEP,
        log: Path | None = None,
        clock: Callable[[], float] = time.time,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take who may send, the rules, how many log entries to keep, a file for them, and the clocks.

        Raises:
            OSError: the log file can't be written.
        """
        self.rules = rules or Rules()
        self.stats = Stats()
        self.gate = Gate(access or Access(), ticks)
        #: Changes with everything that a page shows.
        self.revision = 0
        self._book = Contacts()
        self._log = RequestLog(keep, log)
        self._armed: list[ArmedFault] = []
        self._clock = clock
        self._changed = threading.Condition()

    # What a request does, in this order.

    def begin(self) -> None:
        """Count a request that has begun."""
        with self._changed:
            self.stats.begin()

    def arrived(self, call: Call) -> tuple[Entry, list[Fault]]:
        """Note a complete request, and draw the faults that strike it."""
        department, lead = self.gate.department(call), call.lead()
        with self._changed:
            self.stats.requests += 1
            entry = Entry(
                self.stats.requests, self._clock(), call.method, call.path, department, lead, call.body
            )
            self._log.add(entry)
            return entry, strike(self._armed, lead, department)

    def take(self, call: Call, entry: Entry) -> Answer:
        """Store the lead that a call brings, or refuse it; return the answer."""
        with self._changed:
            try:
                arrival = self.gate.read(call, self.rules)
            except Refused as refused:
                entry.reason = refused.answer.reason
                return refused.answer
            stored = self._book.store(entry.department, arrival, self.rules, self._clock())
            entry.stored, entry.texts, entry.contact = True, stored.texts, stored.contact.number
            self.stats.stored(entry)
            return accepted(call, stored.contact.uuid, self.rules)

    def usual_answer(self, call: Call) -> Answer:
        """Return what a stored lead is answered, for a fault that lies about having stored it."""
        return accepted(call, str(uuid4()), self.rules)

    def decided(self, entry: Entry, status: int | None) -> None:
        """Note what is to be answered, None for nothing, and write it to the log file."""
        with self._changed:
            entry.status = status
            self._log.decided(entry)

    def left_early(self) -> None:
        """Count a request that broke off before its body was there."""
        with self._changed:
            self.stats.incomplete += 1

    def finished(self, entry: Entry, *, stayed: bool) -> None:
        """Note whether the client was there for the end of it."""
        with self._changed:
            entry.stayed = stayed
            self.stats.finished(entry)
            if not stayed:
                self._log.event("left", entry)

    def unanswered(self, entry: Entry) -> None:
        """Note that the sandbox stopped before it answered."""
        with self._changed:
            entry.status, entry.stayed = None, True
            if not entry.stored and not entry.reason:
                entry.reason = "the sandbox was stopped before it was stored"
                self._log.decided(entry)
            self.stats.finished(entry)
            self._log.event("stopped", entry)

    def end(self) -> None:
        """Count a request that is over."""
        with self._changed:
            self.stats.in_flight -= 1
            self.revision += 1
            self._changed.notify_all()

    # What a person or a test asks.

    def contacts(self) -> list[dict[str, Any]]:
        """Return every contact as data, the latest arrival first."""
        with self._changed:
            return [self._book.as_data(each) for each in self.latest()]

    def contact_data(self, contact: Contact) -> dict[str, Any]:
        """Return one contact as data."""
        with self._changed:
            return self._book.as_data(contact)

    def latest(self) -> list[Contact]:
        """Return the contacts, the latest arrival first."""
        with self._changed:
            return list(reversed(self._book.by_number.values()))

    def texts_to_reader(self, contact: Contact) -> int:
        """Return how many texts went to the phone or e-mail of a contact."""
        return self._book.texts_to_reader(contact)

    def requests(self) -> list[Entry]:
        """Return the log's entries, oldest first."""
        with self._changed:
            return list(self._log.entries)

    def stats_data(self) -> dict[str, Any]:
        """Return every count as data."""
        with self._changed:
            contacts = list(self._book.by_number.values())
            return {
                **self.stats.as_data(),
                "contacts": len(contacts),
                "opportunities": sum(each.opportunity_count for each in contacts),
                "contacts_texted_more_than_once": sum(each.texts > 1 for each in contacts),
                "readers_texted_more_than_once": sum(n > 1 for n in self._book.texts_by_address.values()),
            }

    def wait_idle(self, timeout: float = 10.0) -> bool:
        """Wait until no request is in flight; return whether that came within the seconds given."""
        with self._changed:
            return self._changed.wait_for(lambda: self.stats.in_flight == 0, timeout)

    def wait_requests(self, count: int, timeout: float = 10.0) -> bool:
        """Wait until so many requests have been finished since the start; return whether they were."""
        with self._changed:
            return self._changed.wait_for(lambda: self.stats.by_status.total() >= count, timeout)

    @property
    def faults(self) -> list[ArmedFault]:
        """The faults with their counts."""
        return list(self._armed)

    def set_faults(self, faults: Iterable[Fault | str | Mapping[str, Any]]) -> None:
        """Replace all faults; a text is read as on the command line.

        Raises:
            FaultError: one that can't be understood; the old ones stay.
        """
        armed = [ArmedFault(each) for each in faults_of(list(faults))]
        with self._changed:
            self._armed = armed
            self.revision += 1

    def set_rules(self, changes: Mapping[str, Any]) -> None:
        """Change rules by name.

        Raises:
            RuleError: a name or value that is none; all stay as they were.
        """
        with self._changed:
            self.rules = self.rules.but(changes)
            self.revision += 1

    def reset(self) -> None:
        """Forget contacts, requests and counts; rules and faults stay.

        A request that is in flight meanwhile counts as one of the new ones when it ends.
        """
        with self._changed:
            flying = self.stats.in_flight
            self.stats = Stats(in_flight=flying, max_in_flight=flying)
            self._book = Contacts()
            self._log.reset()
            self.gate.reset()
            self.revision += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Close the log file."""
        with self._changed:
            self._log.close()
