"""What one lead said over time, and what of it has arrived: nothing twice, never backwards."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.torture.fickle_endpoint import Trouble

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.delivery import Policy
    from tests.torture.fickle_endpoint import Request


@dataclass(slots=True)
class Account:
    """One lead."""

    #: What its record said, oldest first.
    history: list[str] = field(default_factory=list)
    #: Which of that the endpoint has; -1 for nothing.
    at: int = -1
    #: Whether this program does not know that the endpoint has it: that version may come once more.
    owed: bool = False
    #: Whether that is so, and a person has to ask for it first.
    asleep: bool = False
    #: The first version since then of which nobody knows whether it was stored, and which was not: what the
    #: endpoint has may be sent after it, to be sure. None: there is none.
    doubt: int | None = None
    #: What its mapping had added to that.
    custom: str = ""
    repeated: int = 0
    allowed: int = 0
    #: What came of its requests, by what they said.
    refused: set[str] = field(default_factory=set)
    put_off: set[str] = field(default_factory=set)
    unclear: Counter[str] = field(default_factory=Counter)
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

    def arrives(self, says: str, custom: str = "") -> None:
        """Note that the endpoint has stored this; what was owed for another version is owed no more.

        A record that said something else in between, and says again what the endpoint has, is a change
        where the mapping was edited meanwhile: together they make another lead of it.
        """
        if self.has != says:
            self._goes_on_to(self._after(says, self.at), "an older version came after a newer")
        elif self.owed:
            self.repeated += 1
            self.allowed += 1
        elif (later := self._said_again(says, custom)) is not None:
            self.at = later
        else:
            self.repeated += 1
            self.broken = self.broken or "a version was repeated, and nothing allowed it"
        self.owed, self.asleep, self.doubt, self.custom = False, False, None, custom

    def _said_again(self, says: str, custom: str) -> int | None:
        """Return where its record says again what the endpoint has, if that may be sent once more there."""
        if self.doubt is not None and (later := self._after(says, self.doubt)) is not None:
            return later
        return self._after(says, self.at) if custom != self.custom else None

    def _goes_on_to(self, later: int | None, otherwise: str) -> None:
        if later is None:
            self.broken = self.broken or otherwise
        else:
            self.at = later

    def is_in_doubt(self, says: str) -> None:
        """Note that nobody knows of a request whether it was stored, and that it was not."""
        found = None if says == self.has else self._after(says, self.at)
        if self.doubt is None and found is not None:
            self.doubt = found

    def may_be_rejected(self, says: str, tries: int, policy: Policy) -> bool:
        """Tell whether, after what came of its requests, it is right to try no more.

        Args:
            says: the version.
            tries: requests for it, those that never came in among them.
            policy: how patient delivery is.

        """
        if says in self.refused or self.unclear[says] > policy.max_repeats:
            return True
        return says in self.put_off and tries >= policy.max_tries

    def _after(self, says: str, place: int) -> int | None:
        return next((n for n in range(place + 1, len(self.history)) if self.history[n] == says), None)


class Accounts:
    """All leads. With `hold` an unknown outcome allows nothing until a person says so."""

    def __init__(self, *, hold: bool) -> None:
        self._hold = hold
        self._read = 0
        self.leads: defaultdict[str, Account] = defaultdict(Account)

    def read(self, log: Sequence[Request]) -> None:
        """Take in what has come to the endpoint since the last call."""
        for request in log[self._read :]:
            self._take(self.leads[request.key], request)
        self._read = len(log)

    def _take(self, account: Account, request: Request) -> None:
        if request.stored:
            account.arrives(request.says, request.custom)
        if request.trouble in (Trouble.ANSWER_LOST, Trouble.RESET):
            self.lose_track(request.key, request.says, stored=request.stored)
        elif request.trouble is Trouble.REJECTS:
            account.refused.add(request.says)
        elif request.trouble is Trouble.BUSY:
            account.put_off.add(request.says)

    def lose_track(self, key: str, says: str, *, stored: bool) -> None:
        """Note that this program does not know whether a request was stored."""
        account = self.leads[key]
        account.unclear[says] += 1
        if not stored:
            account.is_in_doubt(says)
        elif self._hold:
            account.asleep = True
        else:
            account.owed = True

    def ask_again(self, key: str) -> None:
        """Note that a person wants it sent though it may have arrived."""
        account = self.leads[key]
        account.owed, account.asleep = account.owed or account.asleep, False
