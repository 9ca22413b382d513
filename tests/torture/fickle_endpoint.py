"""An endpoint that does what endpoints do on their worst days, and keeps a log of what it has stored."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import orjson

from sync.endpoints.base import Outcome, Receipt
from tests.scripted_source import Killed

if TYPE_CHECKING:
    from sync.lead import Lead

#: Seconds until a request has arrived, and from then until it is answered.
ARRIVES, ANSWERS = 0.03, 0.03
SLOW = 4.0


class Trouble(StrEnum):
    """What becomes of one request."""

    NONE = "accepted"
    SLOW = "accepted late"
    REJECTS = "refused"
    FULL = "429"
    FULL_FOR_LONG = "429 with a Retry-After"
    BUSY = "503"
    NO_LINE = "no connection"
    HALTS = "401"
    ANSWER_LOST = "stored, and reset before the answer"
    RESET = "reset before it was stored"


RECEIPTS = {
    Trouble.NONE: Receipt(Outcome.ACCEPTED, status=200),
    Trouble.SLOW: Receipt(Outcome.ACCEPTED, status=200),
    Trouble.REJECTS: Receipt(Outcome.REJECTED, "400: no", 400),
    Trouble.FULL: Receipt(Outcome.LATER, "429", 429),
    Trouble.FULL_FOR_LONG: Receipt(Outcome.LATER, "429", 429, retry_after=20.0),
    Trouble.BUSY: Receipt(Outcome.LATER, "503", 503),
    Trouble.NO_LINE: Receipt(Outcome.LATER, "no connection"),
    Trouble.HALTS: Receipt(Outcome.HALT, "401: wrong key", 401),
    Trouble.ANSWER_LOST: Receipt(Outcome.UNKNOWN, "the connection was reset"),
    Trouble.RESET: Receipt(Outcome.UNKNOWN, "the connection was reset"),
}
STORES = frozenset({Trouble.NONE, Trouble.SLOW, Trouble.ANSWER_LOST})


@dataclass(frozen=True, slots=True)
class Request:
    """One request that came in."""

    key: str
    #: The lead's first name, which tells its versions apart.
    says: str
    trouble: Trouble
    #: What a mapping adds to it; another mapping adds something else.
    custom: str = ""

    @property
    def stored(self) -> bool:
        """Whether the lead was stored."""
        return self.trouble in STORES


class FickleEndpoint:
    """The endpoint itself; every process has a `Line` to it."""

    def __init__(self) -> None:
        #: What becomes of the next requests; then all is well.
        self.plan: deque[Trouble] = deque()
        #: What it has stored or refused, in order; what never came in is not here.
        self.log: list[Request] = []
        #: How many requests were made for each version, by key and what it says.
        self.tried: Counter[tuple[str, str]] = Counter()
        self.in_air: Counter[str] = Counter()
        #: Leads of which two requests were in the air at once.
        self.overlapped: set[str] = set()

    def takes_off(self, key: str) -> Trouble:
        """Note that a request is on its way; returns what becomes of it."""
        self.in_air[key] += 1
        if self.in_air[key] > 1:
            self.overlapped.add(key)
        return self.plan.popleft() if self.plan else Trouble.NONE

    def lands(self, key: str) -> None:
        """Note that nobody waits for an answer any more."""
        self.in_air[key] -= 1


class Line:
    """One process's connection to the endpoint."""

    def __init__(self, endpoint: FickleEndpoint) -> None:
        self._endpoint = endpoint
        self._flying: Counter[str] = Counter()
        self._is_cut = False

    @property
    def where(self) -> str:
        return "https://hatch.example.com/newlead"

    def body(self, lead: Lead) -> bytes:
        return orjson.dumps([lead.standard, lead.custom])

    async def send(self, body: bytes) -> Receipt:
        said, custom = orjson.loads(body)
        key = said["id"]
        trouble = self._endpoint.takes_off(key)
        self._endpoint.tried[key, said["firstName"]] += 1
        self._flying[key] += 1
        try:
            await self._fly(Request(key, said["firstName"], trouble, orjson.dumps(custom).decode()))
        finally:
            if not self._is_cut:
                self._flying[key] -= 1
                self._endpoint.lands(key)
        return RECEIPTS[trouble]

    async def _fly(self, request: Request) -> None:
        await self._wait(ARRIVES)
        if request.trouble is not Trouble.NO_LINE:
            self._endpoint.log.append(request)
        await self._wait(SLOW if request.trouble is Trouble.SLOW else ANSWERS)

    async def _wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if self._is_cut:
            raise Killed

    def cut(self) -> None:
        """End everything in the air: its process is gone. What had not arrived never will."""
        self._is_cut = True
        for key in self._flying.elements():
            self._endpoint.lands(key)
        self._flying.clear()

    async def probe(self) -> Receipt:
        """Answer as the next request would be, without spending it."""
        trouble = self._endpoint.plan[0] if self._endpoint.plan else Trouble.NONE
        if trouble is not Trouble.NONE:
            self._endpoint.plan.popleft()
        return RECEIPTS[trouble]

    async def close(self) -> None:
        """Hold nothing."""
