"""What each fault does to the request it strikes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.arrival import JSON, Answer
from sync.sandbox.exchange import retry_after
from sync.sandbox.faults import Action

if TYPE_CHECKING:
    from sync.sandbox.exchange import Exchange
    from sync.sandbox.faults import Fault

_EMPTY = (204, 304)
_SILENT = frozenset({Action.RESET, Action.CLOSE, Action.GARBAGE, Action.HANG})


def answer_of(fault: Fault, usual: Answer) -> Answer | None:
    """Return the answer that the client is to hear, whole or not; None when it hears none."""
    if fault.action in _SILENT:
        return None
    if fault.action is Action.STATUS:
        return _status(fault)
    if fault.action is Action.ERRORS:
        return Answer.of(200, {"errors": [fault.message]})
    return usual


async def carry_out(fault: Fault, answer: Answer | None, exchange: Exchange) -> None:
    """Strike: give the answer, or give none, in the fault's way.

    Raises:
        Stopped: the sandbox is stopping.
    """
    if answer is not None:
        await _spoken(fault, answer, exchange)
    elif fault.action is Action.HANG:
        await exchange.hang()
    elif fault.action is Action.RESET:
        await exchange.reset()
    elif fault.action is Action.GARBAGE:
        await exchange.garbage()
    else:
        await exchange.close()


async def _spoken(fault: Fault, answer: Answer, exchange: Exchange) -> None:
    if fault.action is Action.TRUNCATE:
        await exchange.truncate(answer)
    elif fault.action is Action.DRIP:
        await exchange.drip(answer, fault.seconds)
    else:
        await exchange.answer(answer)


def _status(fault: Fault) -> Answer:
    headers = () if fault.retry_after is None else (("retry-after", retry_after(fault.retry_after)),)
    if fault.body == "empty" or fault.status in _EMPTY:
        return Answer(fault.status, b"", "", headers)
    bodies = {
        "json": (JSON, b'{"errors":["a fault on demand"]}'),
        "html": (
            "text/html; charset=utf-8",
            b"<!doctype html><html><body><h1>A fault on demand</h1><hr>nginx</body></html>\n",
        ),
        "plain": ("text/plain; charset=utf-8", b"a fault on demand\n"),
    }
    content_type, body = bodies[fault.body]
    return Answer(fault.status, body, content_type, headers)
