"""What one lead said over time, and what of it has arrived: nothing twice, never backwards."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.torture.fickle_endpoint import Trouble

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.torture.fickle_endpoint import Request


@dataclass(slots=True)
class Account:
    """One lead."""

    #: What its record said, oldest first.
    history: list[str] = field(default_factory=list)
    #: Which of that the endpoint has; -1 for nothing.
    at: int = -1
    #: Requests that were stored without this program knowing: each may be repeated.
    owed: int = 0
    #: Requests of which nobody knows whether they were stored, and which were not: what came before them
    #: may be sent after them, to be sure.
    doubts: int = 0
    repeated: int = 0
    allowed: int = 0
    #: What went wrong, in words; empty while nothing did.
    broken: str = ""

    @property
    def has(self) -> str | None:
        """What the endpoint has of it."""
        return self.history[self.at] if self.at >= 0 else None

    def writes(self, says: str) -> None:
        """Note what the record says from now on."""
        if not self.history or self.history[-1] != says:
            self.history.append(says)

    def arrives(self, says: str) -> None:
        """Note that the endpoint has stored this."""
        later = self._after(says)
        if self.has != says:
            self.at = self.at if later is None else later
            self.broken = self.broken or ("" if later is not None else "an older version came after a newer")
        elif self.owed:
            self.owed -= 1
            self.repeated += 1
            self.allowed += 1
        elif later is not None and self.doubts:
            self.doubts -= 1
            self.at = later
        else:
            self.repeated += 1
            self.broken = self.broken or "a version was repeated, and nothing allowed it"

    def _after(self, says: str) -> int | None:
        return next((n for n in range(self.at + 1, len(self.history)) if self.history[n] == says), None)


class Accounts:
    """All leads. With `hold` an unknown outcome allows nothing until a person says so."""

    def __init__(self, *, hold: bool) -> None:
        self._hold = hold
        self._read = 0
        self.leads: defaultdict[str, Account] = defaultdict(Account)
        #: Repeats that a person has to ask for first.
        self._asleep: defaultdict[str, int] = defaultdict(int)

    def read(self, log: Sequence[Request]) -> None:
        """Take in what has come to the endpoint since the last call."""
        for request in log[self._read :]:
            if request.stored:
                self.leads[request.key].arrives(request.says)
            if request.trouble is Trouble.ANSWER_LOST:
                self.owe(request.key)
            elif request.trouble is Trouble.RESET:
                self.leads[request.key].doubts += 1
        self._read = len(log)

    def owe(self, key: str) -> None:
        """Note that a request was stored and that its process does not know."""
        if self._hold:
            self._asleep[key] += 1
        else:
            self.leads[key].owed += 1

    def ask_again(self, key: str) -> None:
        """Note that a person wants it sent though it may have arrived."""
        self.leads[key].owed += self._asleep.pop(key, 0)
