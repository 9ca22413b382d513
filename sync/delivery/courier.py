"""The courier of one endpoint: claims what is due, sends it, settles what comes back.

One turn settles what came back and claims what may go, in one transaction; requests that finish while
it is written are settled together by the next. All state is this object's and the outbox's: nothing is
ever in the air that does not stand in the store as ``sending``.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from sync.delivery.doors import news_of
from sync.delivery.ending import End, end_of_closed, end_of_trying, end_of_work, may_end
from sync.delivery.health import Health
from sync.delivery.memory import is_news, recalled
from sync.delivery.report import Delivered, Ending
from sync.delivery.turned_away import note_turned_away
from sync.delivery.turns import Turns
from sync.delivery.verdict import Standing, verdict
from sync.delivery.waiting import SystemTime
from sync.delivery.working import Working
from sync.endpoints.base import Outcome, Receipt
from sync.events import LeadSetAside, Recovered, Settled
from sync.states import State
from sync.store.errors import LeaseLost, StoreError
from sync.store.outbox import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sync.delivery.doors import Doors
    from sync.delivery.ending import Goal
    from sync.delivery.policy import Policy
    from sync.delivery.waiting import Time
    from sync.delivery.window import Load
    from sync.endpoints.base import Endpoint
    from sync.events import Events
    from sync.store.outbox import Claimed, Outbox, Turn
    from sync.store.settling import Settlement

#: How often the outbox is looked into for what other processes have put there.
LOOK_SECONDS = 1.0
#: How long to wait for what is due and locked by another process of a PostgreSQL store.
LOCKED_SECONDS = 0.02
#: How long the first receipt waits for others to be settled with, while most of the window is in the air: a
#: turn of the outbox costs a few milliseconds, however many it settles.
GATHER_SECONDS = 0.001
#: Seconds between attempts to note what has come back in a store that can't be written.
RESCUE_DELAYS = (0.2, 0.5, 1.0)
_DIED = Receipt(Outcome.UNKNOWN, "the process that sent it ended before the answer was noted")
_NO_PAYLOAD = Receipt(Outcome.REJECTED, "its payload is not in the state store any more")


@dataclass(frozen=True, slots=True)
class _Arrived:
    claimed: Claimed
    receipt: Receipt
    epoch: int
    load: Load


class Courier:
    """Delivers the outbox of one endpoint. The caller holds the endpoint's lease.

    Args:
        endpoint: where leads go.
        outbox: what is to go there.
        policy: pace and patience.
        tell: who is told what happens.
        time: how time is told and waited for.
        jitter: returns a number in 0..1.
        doors: whether leads may go at all; None: always.

    """

    def __init__(  # noqa: PLR0913 - one for each that it works with
        self,
        endpoint: Endpoint,
        outbox: Outbox,
        policy: Policy,
        tell: Events,
        *,
        time: Time | None = None,
        jitter: Callable[[], float] = random.random,
        doors: Doors | None = None,
    ) -> None:
        self._endpoint = endpoint
        self.outbox = outbox
        self._policy = policy
        self._tell = tell
        self._time = time or SystemTime()
        self._jitter = jitter
        self._turns = Turns(policy.rate, doors)
        self._health = Health(policy, jitter)
        self._remembered = self._health.condition
        self._working = Working()
        self._load = self._health.window.load(0)
        self._bell = asyncio.Event()
        self._in_air: set[asyncio.Task[None]] = set()
        self._arrived: list[_Arrived] = []
        self._accepted = 0
        #: How many had been accepted when a version failed for the first time.
        self._failing: dict[int, int] = {}
        #: When the next lead comes due, as far as was last looked.
        self._due: float | None = None
        self._stopping = False
        self.delivered = Delivered()

    def wake(self) -> None:
        """Look into the outbox: something was staged."""
        self._bell.set()

    def stop(self) -> None:
        """Send nothing more; end when everything in the air is settled."""
        self._stopping = True
        self._bell.set()

    async def deliver(self, goal: Goal) -> Delivered:
        """Deliver until the goal is reached, or until `stop`.

        Cancelled, it drops what is in the air; that is found as ``sending`` by whoever delivers next.

        Raises:
            StoreError: when the store can't be used. What has come back meanwhile is kept and settled by
                the next call.

        """
        begun = self._time.now()
        try:
            await self._recall()
            await self._turns.look(begun, self._health.condition)
            await self._recover()
            await self._go_on(goal)
        except StoreError as error:
            await self._rescue(error)
            raise
        finally:
            for task in self._in_air:
                task.cancel()
            await asyncio.gather(*self._in_air, return_exceptions=True)
            self._in_air.clear()
            self.delivered.seconds += self._time.now() - begun
        return self.delivered

    async def _rescue(self, error: StoreError) -> None:
        """Wait for what is in the air, and settle it if the store will have it after all."""
        await asyncio.gather(*self._in_air, return_exceptions=True)
        if isinstance(error, LeaseLost):
            return  # kept for the next call, when the lease is ours again
        self._stopping, stopping = True, self._stopping
        for delay in RESCUE_DELAYS:
            try:
                await self._turn()
            except StoreError:
                await self._time.wait(asyncio.Event(), delay)
            else:
                break
        self._stopping = stopping

    async def _recall(self) -> None:
        """Take over what is remembered of the endpoint: a Retry-After not yet over, or a halt."""
        row, own = await self.outbox.condition(), self._health.condition
        if (found := recalled(row, own)) is own:
            return
        self._health.condition = found
        self._health.failing_since = self._time.now()
        self._remembered = self._health.condition

    async def _recover(self) -> None:
        """Settle what was claimed and is in nobody's hands: whether it was sent nobody knows."""
        orphans = await self.outbox.orphans({each.claimed.version_id for each in self._arrived})
        if not orphans:
            return
        await self.outbox.adopt(orphans)
        settlements = [self._verdict(each, _DIED) for each in orphans]
        nothing = Wanted(0, lambda _job, _rate: 0)
        self._note(settlements, orphans, await self.outbox.turn(settlements, nothing))
        self._tell(Recovered(self.outbox.endpoint, len(orphans)))

    async def _go_on(self, goal: Goal) -> None:
        while True:
            self._bell.clear()
            self._due = None
            if self._health.waits(self._time.now()) and await self.outbox.is_to_be_tried():
                self._health.try_at_once()
            await self._ask_first()
            if not self._stopping:
                await self._turns.look(self._time.now(), self._health.condition)
            turn, slots = await self._turn()
            dry = turn.looked_at < slots
            if not self._in_air and not self._arrived and await self._is_over(goal, dry=dry):
                return
            if not self._arrived:
                await self._time.wait(self._bell, self._pause(dry=dry))
            if self._arrived and len(self._in_air) > len(self._arrived):
                await asyncio.sleep(GATHER_SECONDS)

    async def _turn(self) -> tuple[Turn, int]:
        """Settle, claim and send once; returns what was claimed and how much was wanted."""
        arrived, self._arrived = self._arrived, []
        try:
            settlements = [self._judged(each) for each in arrived]
            wanted = self._wanted()
            turn = await self.outbox.turn(settlements, wanted, self._worth_noting(arrived))
        except BaseException:
            self._arrived = arrived + self._arrived  # known, and still to be settled
            raise
        self._note(settlements, [each.claimed for each in arrived], turn)
        note_turned_away(turn.turned_away, self.outbox.endpoint, self.delivered, self._tell)
        self._load = self._health.window.load(len(self._in_air) + len(turn.claimed))
        for claimed in turn.claimed:
            self._start(claimed)
        self._turns.take(turn.claimed, self._time.now())
        await self._remember()
        return turn, wanted.slots

    def _judged(self, arrived: _Arrived) -> Settlement:
        self._health.learn(arrived.receipt, arrived.epoch, self._time.now(), arrived.load)
        return self._verdict(arrived.claimed, arrived.receipt)

    def _verdict(self, claimed: Claimed, receipt: Receipt) -> Settlement:
        first = self._failing.setdefault(claimed.version_id, self._accepted)
        standing = Standing(self._time.now(), self._accepted > first, self._jitter)
        found = verdict(claimed, receipt, self._policy, standing)
        if found.state is not State.PENDING:
            del self._failing[claimed.version_id]
        self._accepted += found.state is State.ACCEPTED
        return found

    def _wanted(self) -> Wanted:
        now = self._time.now()
        free = self._health.slots(now) - len(self._in_air)
        slots = 0 if self._stopping else max(0, min(free, self._turns.available(now)))
        allowance = partial(self._turns.of_job, now=now)
        return Wanted(slots, allowance, spent_first=not self._health.is_up)

    def _worth_noting(self, arrived: Sequence[_Arrived]) -> dict[str, Any] | None:
        in_flight = self._load.in_flight if arrived or self._in_air else 0
        return self._working.note(self._health, in_flight, self._accepted, self._time.now())

    def _start(self, claimed: Claimed) -> None:
        self._in_air.add(asyncio.create_task(self._send(claimed, self._health.epoch, self._load)))

    async def _send(self, claimed: Claimed, epoch: int, load: Load) -> None:
        receipt = _NO_PAYLOAD
        if claimed.lead is not None:
            try:
                receipt = await self._endpoint.send(self._endpoint.body(claimed.lead))
            except Exception as error:  # noqa: BLE001 - a bug must not leave a lead in the air for ever
                receipt = Receipt(
                    Outcome.UNKNOWN, f"sending it failed inside of leadrelay ({type(error).__name__})"
                )
        # Out of the air before the bell rings: its slot is claimed again by the turn that settles it.
        self._in_air.remove(cast("asyncio.Task[None]", asyncio.current_task()))
        self._arrived.append(_Arrived(claimed, receipt, epoch, load))
        self._bell.set()

    async def _is_over(self, goal: Goal, *, dry: bool) -> bool:
        """Tell whether to end, with nothing in the air; notes why."""
        now = self._time.now()
        end = End(Ending.STOPPED) if self._stopping else end_of_trying(goal, self._health, now)
        closed = self._turns.closed(now) if end is None else None
        if closed is not None and may_end(goal):
            end = end_of_closed(closed, await self.outbox.waiting())
        elif end is None and dry:
            self._due = await self.outbox.next_due()
            end = end_of_work(goal, self._due, now)
        if end is not None:
            self.delivered.ending, self.delivered.reason = end.ending, end.reason
        return end is not None

    def _pause(self, *, dry: bool) -> float:
        """Return how long to wait at most before the next turn, in seconds."""
        now = self._time.now()
        free = self._health.slots(now) - len(self._in_air)
        if free <= 0 and self._in_air:
            return LOOK_SECONDS  # the next receipt rings the bell
        if free <= 0:
            opens = self._health.condition.not_before
        elif not self._turns.available(now):
            opens = self._turns.opens_at(now)
        elif not dry:
            return 0.0  # what stood in the way in the last turn does no more
        else:
            # Due and yet not claimed: another process keeps it locked, and lets go when it lets go.
            opens = max(self._turns.next_opening(self._due, now) or now + LOOK_SECONDS, now + LOCKED_SECONDS)
        return min(LOOK_SECONDS, max(0.0, opens - now))

    def _note(self, settlements: Sequence[Settlement], claimed: Sequence[Claimed], turn: Turn) -> None:
        """Count what was settled, and tell of it."""
        if not settlements:
            return
        by_state = Counter(each.state for each in settlements)
        done = self.delivered
        done.accepted += by_state[State.ACCEPTED]
        done.rejected += by_state[State.REJECTED]
        done.unknown += by_state[State.UNKNOWN]
        done.returned += by_state[State.PENDING]
        done.superseded += turn.superseded
        counts = (by_state[state] for state in (State.ACCEPTED, State.REJECTED, State.UNKNOWN, State.PENDING))
        self._tell(Settled(self.outbox.endpoint, *counts))
        for settlement, lead in zip(settlements, claimed, strict=True):
            if settlement.state in (State.REJECTED, State.UNKNOWN):
                said = settlement.state.value, settlement.detail
                self._tell(LeadSetAside(self.outbox.endpoint, lead.source, lead.key, *said))

    async def _ask_first(self) -> None:
        """Before a lead is spent on trying whether a failing endpoint is back, ask without one."""
        now, health = self._time.now(), self._health
        if self._stopping or self._in_air or not health.ask_first or health.slots(now) != 1:
            return
        receipt = await self._endpoint.probe()
        if receipt.outcome not in (Outcome.ACCEPTED, Outcome.REJECTED):
            health.learn(receipt, health.epoch, self._time.now())

    async def _remember(self) -> None:
        """Keep a change of the endpoint's condition, and tell of it."""
        condition, before = self._health.condition, self._remembered
        if condition == before:
            return
        self._remembered = condition
        if is_news(condition, before):
            await self.outbox.remember(*self._turns.kept(condition))
        if condition.status is not before.status:
            self._tell(news_of(self.outbox.endpoint, condition, self._time.now()))
