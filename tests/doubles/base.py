"""What the doubles of vendors' APIs have in common: a real HTTP server on loopback, over leads in memory.

    class Shop(Double):
        vendor = "shop"

        @route("GET", r"/v1/leads/(\\d+)")
        def one(self, asked: Asked, key: str) -> Any: ...

    async with running(Shop(FakeClock())) as shop:
        shop.url("/v1/leads/7")

A double keeps to its vendor's published specification; where that is silent, to answers that were seen.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections import deque
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from tests.doubles.openapi import Specification
from tests.rest_server import Api, Asked, FakeClock, Reply, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from sources.http import Clock

__all__ = ["Asked", "Double", "FakeClock", "Limit", "Reply", "beside", "route", "running"]

D = TypeVar("D", bound="Double")


def route(method: str, path: str) -> Callable[[Any], Any]:
    """Mark a method as what answers requests to a path; groups of the pattern become arguments."""

    def mark(function: Any) -> Any:
        function.answers = (method, re.compile(path))
        return function

    return mark


@dataclass
class Limit:
    """At most so many requests in so many seconds, counted in windows that slide."""

    count: int
    seconds: float
    _times: deque[float] = field(default_factory=deque)

    def is_over(self, now: float) -> bool:
        """Count a request, and tell whether it is one too many."""
        while self._times and self._times[0] <= now - self.seconds:
            self._times.popleft()
        if len(self._times) >= self.count:
            return True
        self._times.append(now)
        return False


class Double:
    """An API in memory. Subclasses add state, and routes."""

    #: The vendor's name, as its specification's file begins with it.
    vendor: ClassVar[str]
    #: Files with the vendor's specification, in the folder that VENDOR_OPENAPI names.
    specifications: ClassVar[tuple[str, ...]] = ()
    #: What requests may hold although the specification says otherwise, as "POST /path: $.sorts[0]".
    tolerated: ClassVar[tuple[str, ...]] = ()

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock: Any = clock or FakeClock()
        self.api = Api(self.answer)
        self._planned: deque[tuple[re.Pattern[str], Reply]] = deque()
        #: What the specification says against requests that were made.
        self.complaints: list[str] = []
        self._specifications = [found for name in self.specifications if (found := Specification.load(name))]

    def url(self, path: str = "") -> str:
        """Return an address on the running server."""
        return self.api.base + path

    def asked(self, path: str = "") -> list[Asked]:
        """Return the requests so far whose path matches a pattern."""
        return [asked for asked in self.api.asked if re.search(path, asked.path)]

    def answer_next(self, reply: Reply, path: str = "", *, times: int = 1) -> None:
        """Give this answer to the next requests whose path matches, instead of what is in memory."""
        self._planned.extend([(re.compile(path), reply)] * times)

    def answer(self, asked: Asked) -> Reply:
        """Answer a request: as planned, refused, or by its route."""
        self.complaints += [
            said
            for each in self._specifications
            for said in each.complaints(asked)
            if not any(re.search(known, said) for known in self.tolerated)
        ]
        reply = self._planned_for(asked) or self.refusal(asked) or self._routed(asked)
        reply.date = self.clock.now()
        return reply

    def refusal(self, asked: Asked) -> Reply | None:
        """Return the answer to a request that is not let in; None when it is."""
        del asked
        return None

    def unknown(self, asked: Asked) -> Reply:
        """Return the answer to a request for what is not there."""
        return Reply({"message": f"no such resource: {asked.method} {asked.path}"}, status=404)

    def _planned_for(self, asked: Asked) -> Reply | None:
        for number, (path, reply) in enumerate(self._planned):
            if path.search(asked.path):
                del self._planned[number]
                return reply
        return None

    def _routed(self, asked: Asked) -> Reply:
        for name in dir(type(self)):
            method, path = getattr(getattr(type(self), name), "answers", (None, None))
            found = path.fullmatch(asked.path) if method == asked.method else None
            if found:
                answer = getattr(self, name)(asked, *found.groups())
                return answer if isinstance(answer, Reply) else Reply(answer)
        return self.unknown(asked)


@contextmanager
def beside(double: D) -> Iterator[D]:
    """Run a double in a thread of its own while the block lasts, for tests that wait for a command."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = running(double)
    try:
        asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result()
        yield double
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@asynccontextmanager
async def running(double: D) -> AsyncIterator[D]:
    """Run a double while the block lasts."""
    async with serving(double.answer) as double.api:
        yield double
    assert double.complaints == []
