"""Whether an endpoint may be sent to. No I/O, no clock of its own.

An endpoint is up, down (it fails, or asked to be left alone), or halted (it refuses us, whichever lead
it is). While it is not up, nothing is sent before `not_before`; then one request tries whether it is
back. Requests that were in the air when it went down say nothing new by failing too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from sync.delivery.window import Window
from sync.endpoints.base import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.delivery.policy import Policy
    from sync.delivery.window import Load
    from sync.endpoints.base import Receipt

_TOO_MANY_REQUESTS = 429
#: So many times in a row it is asked whether a failing endpoint is back before a lead is risked on it.
_ASKED_AT_MOST = 10


class Status(StrEnum):
    """How an endpoint stands."""

    UP = "up"
    DOWN = "down"
    HALTED = "halted"


@dataclass(frozen=True, slots=True)
class Condition:
    """How an endpoint stands, in a form that the store keeps across restarts."""

    status: Status = Status.UP
    reason: str = ""
    #: Nothing is sent before this time, in seconds since the epoch.
    not_before: float = 0.0
    #: Whether the endpoint itself asked for that, with a Retry-After.
    asked: bool = False


class Health:
    """Learns from receipts how an endpoint stands.

    Args:
        policy: how patient to be.
        jitter: returns a number in 0..1; spreads the tries of many processes.
        condition: as the store remembers it.

    """

    def __init__(
        self, policy: Policy, jitter: Callable[[], float], condition: Condition | None = None
    ) -> None:
        self._policy = policy
        self._jitter = jitter
        self.condition = condition or Condition()
        #: How many requests it takes at once, so far as is known.
        self.window = Window(policy.max_in_flight)
        #: Grows each time it goes down, or a try is in vain: a request carries the number it was sent under.
        self.epoch = 0
        #: When it failed first since it last took something; None: it did not.
        self.failing_since: float | None = None
        self._asks = False
        self._in_a_row = 0
        self._in_vain = 0

    @property
    def is_up(self) -> bool:
        """Whether requests go out as usual."""
        return self.condition.status is Status.UP

    @property
    def ask_first(self) -> bool:
        """Whether a try must not begin with a lead, since its outcome may be unknown again.

        After many tries in vain one lead is risked: some endpoints never answer what spends none.
        """
        return self._asks and self._in_vain <= _ASKED_AT_MOST

    def slots(self, now: float) -> int:
        """Return how many requests may be in the air at once."""
        if self.is_up:
            return self.window.size
        return 1 if now >= self.condition.not_before else 0

    def waits(self, now: float) -> bool:
        """Tell whether it is left alone by our own choice, which a person may overrule."""
        return self.slots(now) == 0 and not self.condition.asked

    def try_at_once(self) -> None:
        """Forget the pause before the next try."""
        self.condition = replace(self.condition, not_before=0.0)

    def learn(self, receipt: Receipt, epoch: int, now: float, load: Load | None = None) -> None:
        """Take in one receipt.

        Args:
            receipt: how it went.
            epoch: what its request was sent under.
            now: the time.
            load: what its request was sent into; None for one that was no lead.

        """
        if load is not None:
            self.window.learn(receipt, load, now)
        if receipt.outcome in (Outcome.ACCEPTED, Outcome.REJECTED):
            self._took(epoch, now)
            return
        if self.failing_since is None:
            self.failing_since = now
        if receipt.retry_after is not None and receipt.outcome is not Outcome.HALT:
            self._left_alone(receipt, now + receipt.retry_after)
        elif epoch == self.epoch:
            self._failed(receipt, now)

    def _took(self, epoch: int, now: float) -> None:
        """Note that it answers. What it asked for is heeded all the same: this may have been sent before."""
        if not (self.is_up or (self.condition.asked and now < self.condition.not_before)):
            self.condition = Condition()
            if epoch == self.epoch:  # it is back; one from before only says that it never was away
                self.window.restart()
        self.failing_since, self._asks, self._in_a_row, self._in_vain = None, False, 0, 0

    def _left_alone(self, receipt: Receipt, until: float) -> None:
        """Heed a Retry-After in full; the longest one asked for counts."""
        if self.is_up:
            self.epoch += 1
            self.condition = Condition(Status.DOWN, receipt.detail, until, asked=True)
        elif until > self.condition.not_before:
            self.condition = replace(self.condition, not_before=until, asked=True)

    def _failed(self, receipt: Receipt, now: float) -> None:
        self._in_a_row += 1
        if receipt.outcome is Outcome.HALT:
            self._pause(Status.HALTED, receipt, self._policy.first_pause_halted, now)
        elif not self.is_up or self._is_enough(receipt):
            self._pause(Status.DOWN, receipt, self._policy.first_pause, now)

    def _is_enough(self, receipt: Receipt) -> bool:
        """Tell whether a failure is about the endpoint: a dead line is at once, a bad answer in a row."""
        if receipt.outcome is Outcome.LATER and receipt.status in (None, _TOO_MANY_REQUESTS):
            return True
        return self._in_a_row >= self._policy.failures_in_a_row

    def _pause(self, status: Status, receipt: Receipt, first: float, now: float) -> None:
        pause = min(self._policy.longest_pause, first * 2.0**self._in_vain) * (0.75 + self._jitter() / 2)
        self._asks = receipt.outcome is Outcome.UNKNOWN or (self._asks and status is Status.DOWN)
        until, before = now + pause, self.condition
        asked = before.asked and before.not_before > until
        self.condition = Condition(status, receipt.detail, before.not_before if asked else until, asked)
        self._in_vain += 1
        self.epoch += 1
