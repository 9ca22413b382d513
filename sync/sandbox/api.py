"""Both APIs as a plain ASGI application: every request that is no page of the sandbox's own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from sync.sandbox.calls import Call, call_of
from sync.sandbox.exchange import Exchange, Stopped
from sync.sandbox.faults import Action, Fault
from sync.sandbox.strikes import answer_of, carry_out

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from sync.sandbox.connections import Connections
    from sync.sandbox.entries import Entry
    from sync.sandbox.exchange import Receive, Send
    from sync.sandbox.state import State


class Api:
    """Takes requests, strikes them with faults, and stores what the rules let through."""

    def __init__(self, state: State, connections: Connections) -> None:
        self._state = state
        self._connections = connections
        #: Set when the server stops: nothing hangs or delays any longer.
        self.stopping = asyncio.Event()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        exchange = Exchange(receive, send, self._connections.of(scope), self.stopping)
        self._state.begin()
        try:
            body = await exchange.body(self._state.rules.body_limit)
            if body is None:
                self._state.left_early()
            else:
                await self._answer(call_of(scope, *body), exchange)
        finally:
            self._state.end()

    async def _answer(self, call: Call, exchange: Exchange) -> None:
        entry, faults = self._state.arrived(call)
        entry.fault = "; ".join(map(str, faults))
        try:
            await self._work(call, entry, faults, exchange)
        except Stopped:
            self._state.unanswered(entry)
            await exchange.close()
        else:
            self._state.finished(entry, stayed=exchange.stayed)

    async def _work(self, call: Call, entry: Entry, faults: list[Fault], exchange: Exchange) -> None:
        """Delay, store, decide, delay, answer: each delay on the side of storing that its fault says.

        Raises:
            Stopped: the sandbox is stopping.
        """
        fault = next((each for each in faults if each.action is not Action.DELAY), None)
        await _delay(faults, "before", exchange)
        if fault is None or fault.when == "after":
            usual = self._state.take(call, entry)
        else:
            entry.reason = "a fault struck before it was stored"
            usual = self._state.usual_answer(call)
        answer = answer_of(fault, usual) if fault else usual
        self._state.decided(entry, answer.status if answer else None)
        await _delay(faults, "after", exchange)
        if fault is None:
            await exchange.answer(usual)
        else:
            await carry_out(fault, answer, exchange)


async def _delay(faults: list[Fault], when: str, exchange: Exchange) -> None:
    for each in faults:
        if each.action is Action.DELAY and each.when == when:
            await exchange.pause(each.seconds)
