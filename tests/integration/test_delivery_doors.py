"""The courier and its doors: outside of `send_window`, and while the suppression list can't be read."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from sync.delivery import Courier, Ending, Goal
from sync.delivery.doors import Doors, Hours
from sync.endpoints.base import Outcome, Receipt
from sync.events import EndpointDown, EndpointUp, Events, LeadSetAside, Said
from sync.gates.send_window import parse_send_window
from sync.store.digests import phone_digest
from sync.store.gates import Gates
from sync.store.outbox import Outbox
from tests.delivery_kit import (
    BUSY,
    QUICK,
    REFUSED,
    SCOPE,
    ScriptedEndpoint,
    Told,
    all_accepted,
    stage,
    states,
)

if TYPE_CHECKING:
    from sync.delivery import Delivered
    from sync.lead import Lead
    from sync.store.store import Store
    from tests.engine_world import Clock

ZONE = ZoneInfo("America/New_York")
HOURS = Hours(parse_send_window("8:00-20:00"), ZONE)
FOR_EVER = Goal(None, lambda: True)


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp()


class JumpingTime:
    """Time that passes only while somebody waits for it."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.waits = 0

    def now(self) -> float:
        return self.clock.now

    async def wait(self, bell: asyncio.Event, seconds: float | None) -> None:
        self.waits += 1
        await asyncio.sleep(0)
        if not bell.is_set() and seconds:
            self.clock.now += seconds


class ScriptedList:
    """A suppression list that can be read or not."""

    def __init__(self, problem: str | None = None, digests: frozenset[bytes] = frozenset()) -> None:
        self.problem = problem
        self.digests = digests
        self.looks = 0

    async def renew(self, now: float) -> None:
        self.looks += 1

    def __contains__(self, digest: bytes) -> bool:
        assert self.problem is None
        return digest in self.digests


class Desk:
    """A courier with doors, on time that jumps."""

    def __init__(
        self, store: Store, clock: Clock, *, hours: Hours | None = None, listed: ScriptedList | None = None
    ) -> None:
        self.store = store
        self.time = JumpingTime(clock)
        self.told = Told()
        self.endpoint = ScriptedEndpoint()
        self.hours, self.listed = hours, listed
        self.courier = self.another()

    def another(self) -> Courier:
        """Make a courier that knows nothing of what was before, as a new process does."""
        gates = Gates(self.store.digest_key, suppressed=self.listed) if self.listed else None
        outbox, tell = Outbox(self.store, SCOPE.endpoint, gates), Events([self.told.append])
        doors = Doors(outbox, tell, self.hours, self.listed)
        return Courier(self.endpoint, outbox, QUICK, tell, time=self.time, jitter=lambda: 0.5, doors=doors)

    async def deliver(self, goal: Goal | None = None) -> Delivered:
        lease = self.courier.outbox.lease
        assert await self.store.acquire(lease)
        try:
            return await self.courier.deliver(goal or Goal(2.0))
        finally:
            await self.store.release(lease)

    def said(self) -> list[str]:
        return [each.text for each in self.told if isinstance(each, Said)]


async def test_outside_of_the_window_a_sync_ends_at_once_and_says_how_many_wait(
    store: Store, clock: Clock
) -> None:
    clock.now = at("2026-05-06 20:00:00")
    stage(store, ["1", "2", "3"])
    desk = Desk(store, clock, hours=HOURS)
    done = await desk.deliver()
    assert (done.ending, done.reason) == (
        Ending.CLOSED,
        "outside of send_window, 3 leads wait until 08:00",
    )
    assert (desk.endpoint.sent, desk.time.waits) == ([], 0)
    assert dict(states(store)) == {"pending": 3}


async def test_outside_of_the_window_with_nothing_to_send_it_is_just_done(store: Store, clock: Clock) -> None:
    clock.now = at("2026-05-06 03:00:00")
    assert (await Desk(store, clock, hours=HOURS).deliver()).ending is Ending.DRAINED


async def test_a_run_goes_on_by_itself_at_the_opening_to_the_second(store: Store, clock: Clock) -> None:
    clock.now = at("2026-05-06 07:58:30.5")
    stage(store, ["1"])
    desk = Desk(store, clock, hours=HOURS)
    sent_at: list[float] = []
    desk.endpoint.body = lambda lead: _noting(sent_at, desk, lead)
    await desk.deliver(FOR_EVER)
    assert [moment - at("2026-05-06 08:00:00") for moment in sent_at] == [0.0]
    assert desk.said() == [
        "default: outside of send_window, leads wait until 08:00",
        "default: send_window is open, leads are sent",
    ]


def _noting(sent_at: list[float], desk: Desk, lead: Lead) -> bytes:
    sent_at.append(desk.time.now())
    desk.courier.stop()
    return ScriptedEndpoint().body(lead)


async def test_what_is_in_the_air_at_closing_time_is_settled(store: Store, clock: Clock) -> None:
    clock.now = at("2026-05-06 19:59:59.9")
    stage(store, [str(number) for number in range(10)])
    desk = Desk(store, clock, hours=HOURS)
    desk.endpoint._answer = lambda key, number: _later(clock, key, number)
    done = await desk.deliver()
    assert (done.ending, done.accepted, done.unknown) == (Ending.CLOSED, QUICK.max_in_flight, 0)
    assert "6 leads wait until 08:00" in done.reason


def _later(clock: Clock, key: str, number: int):
    clock.now = at("2026-05-06 20:00:01")
    return ScriptedEndpoint()._answer(key, number)


async def test_a_retry_waits_for_the_window_as_well(store: Store, clock: Clock) -> None:
    clock.now = at("2026-05-06 19:59:59.9995")
    stage(store, ["1"])
    desk = Desk(store, clock, hours=HOURS)
    desk.endpoint._answer = lambda _key, _number: BUSY
    done = await desk.deliver(Goal(30.0))
    assert done.accepted == 0
    assert len(desk.endpoint.sent) <= 2
    assert done.ending is Ending.CLOSED


async def test_p5_nothing_is_sent_while_the_suppression_list_cannot_be_read(
    store: Store, clock: Clock
) -> None:
    problem = "the suppression list stop.csv can't be read: there is no such file"
    stage(store, ["1", "2"])
    desk = Desk(store, clock, listed=ScriptedList(problem))
    done = await desk.deliver()
    assert (done.ending, done.reason) == (Ending.HALTED, f"{problem}; 2 leads wait")
    assert desk.endpoint.sent == []
    assert [(each.reason, each.halted) for each in desk.told.of(EndpointDown)] == [(problem, True)]
    kept = await desk.courier.outbox.condition()
    assert (kept.state, kept.reason) == ("halted", problem), "status says so"
    desk.listed.problem = None
    desk.courier = desk.another()
    done = await desk.deliver()
    assert (done.ending, done.accepted) == (Ending.DRAINED, 2)
    assert len(desk.told.of(EndpointUp)) == 1
    assert (await desk.courier.outbox.condition()).state == "up"


async def test_a_run_goes_on_by_itself_when_the_list_can_be_read_again(store: Store, clock: Clock) -> None:
    stage(store, ["1", "2"])
    listed = ScriptedList("the suppression list stop.csv can't be read: it is being written")
    desk = Desk(store, clock, listed=listed)
    running = asyncio.create_task(desk.deliver(FOR_EVER))
    while desk.time.waits < 5:  # noqa: ASYNC110 - it is a number, and this is the test's own
        await asyncio.sleep(0)
    assert desk.endpoint.sent == []
    listed.problem = None
    while len(desk.endpoint.sent) < 2 or desk.endpoint.in_air:  # noqa: ASYNC110 - as above
        await asyncio.sleep(0)
    desk.courier.stop()
    assert (await running).accepted == 2
    assert (await desk.courier.outbox.condition()).state == "up"


ASKED = Receipt(Outcome.LATER, "503: maintenance", 503, retry_after=3600)
UNREADABLE = "the suppression list stop.csv can't be read: there is no such file"


@pytest.mark.parametrize(("says", "stands"), [(REFUSED, "halted"), (ASKED, "down")])
async def test_p7_a_list_that_can_be_read_again_takes_nothing_back_of_the_endpoint(
    store: Store, clock: Clock, says: Receipt, stands: str
) -> None:
    stage(store, ["1", "2"])
    desk = Desk(store, clock, listed=ScriptedList())
    desk.endpoint._answer = lambda _key, _number: says
    await desk.deliver(Goal(0.0))
    before = await desk.courier.outbox.condition()
    assert before.state == stands
    desk.listed.problem = UNREADABLE
    await desk.deliver(Goal(0.0))
    assert (await desk.courier.outbox.condition()).reason == UNREADABLE, "status says so"
    desk.listed.problem = None
    await desk.deliver(Goal(0.0))
    assert await desk.courier.outbox.condition() == before
    assert desk.told.of(EndpointUp) == []


async def test_p5_what_comes_back_meanwhile_does_not_hide_that_the_list_cannot_be_read(
    store: Store, clock: Clock
) -> None:
    stage(store, ["1"])
    desk = Desk(store, clock, listed=ScriptedList())

    def answer(_key: str, _number: int) -> Receipt:
        desk.listed.problem = UNREADABLE
        return ASKED

    desk.endpoint._answer = answer
    await desk.deliver(Goal(0.0))
    kept = await desk.courier.outbox.condition()
    assert (kept.state, kept.reason) == ("halted", UNREADABLE)
    assert kept.not_before > clock.now + 3000


async def test_p7_a_retry_after_outlasts_a_restart_while_the_list_cannot_be_read(
    store: Store, clock: Clock
) -> None:
    stage(store, ["1"])
    desk = Desk(store, clock, listed=ScriptedList())
    desk.endpoint._answer = lambda _key, _number: ASKED
    await desk.deliver(Goal(0.0))
    until = (await desk.courier.outbox.condition()).not_before
    desk.endpoint.sent.clear()
    for desk.listed.problem in (UNREADABLE, UNREADABLE, None, None):
        desk.courier = desk.another()
        await desk.deliver(Goal(0.0))
        kept = await desk.courier.outbox.condition()
        assert (kept.not_before, desk.endpoint.sent) == (until, [])
    assert kept.state == "down"


async def test_who_is_on_the_list_is_counted_and_told_and_others_take_the_slots(
    store: Store, clock: Clock
) -> None:
    listed = ScriptedList(digests=frozenset({phone_digest("8045550100", store.digest_key)}))
    stage(store, [str(number) for number in range(9)])  # all of them have this phone
    desk = Desk(store, clock, listed=listed)
    done = await desk.deliver()
    assert (done.ending, done.accepted, done.discarded) == (Ending.DRAINED, 0, 9)
    assert {each.outcome for each in desk.told.of(LeadSetAside)} == {"discarded"}
    assert desk.time.waits <= 4, "one turn after the other, without waiting and without end"
    assert dict(states(store)) == {"discarded": 9}


async def test_without_any_rule_nothing_is_asked(store: Store, clock: Clock) -> None:
    stage(store, ["1"])
    desk = Desk(store, clock)
    assert (await desk.deliver()).accepted == 1
    assert dict(states(store)) == all_accepted(1)
