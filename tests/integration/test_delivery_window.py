"""The window and the lanes on a real state store: how many go at once, and who goes first."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sync.endpoints.base import Outcome, Receipt
from sync.states import Lane
from sync.store import jobs, tables
from sync.store.lanes import EVERY
from sync.store.outbox import Claimed, Outbox, Wanted
from sync.store.store import Store, open_store
from sync.store.views.status import EndpointStatus, read_status
from tests.delivery_kit import (
    ACCEPTED,
    QUICK,
    REFUSED,
    SCOPE,
    THROTTLED,
    Desk,
    ScriptedEndpoint,
    all_accepted,
    stage,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from sync.delivery import Policy

KEYS = [str(number) for number in range(60)]
PATIENT = replace(QUICK, first_delay=0.01, longest_delay=0.05, max_tries=100)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url)
    yield opened
    opened.close()


@pytest.fixture
async def outbox(store: Store) -> AsyncIterator[Outbox]:
    found = Outbox(store, SCOPE.endpoint)
    assert await store.acquire(found.lease)
    yield found
    await store.release(found.lease)


def but(**changes: object) -> Policy:
    return replace(PATIENT, **changes)


def backfill(store: Store, keys: list[str], rate: str | None = None) -> None:
    """Stage what a backfill has read."""
    job = store.write_now(lambda c: jobs.begin_or_resume(c, SCOPE, {"since": None}, rate, 0.0))
    stage(store, keys, lane=Lane.BACKFILL, job_id=job.id)


def endpoint_status(store: Store) -> EndpointStatus:
    (found,) = store.read_now(lambda connection: read_status(connection, store.clock())).endpoints
    return found


async def claimed(outbox: Outbox, turns: int, allowance: int = 0) -> list[Claimed]:
    """Claim one at a time, so often."""
    wanted = Wanted(1, lambda _job, _rate: allowance)
    return [each for _ in range(turns) for each in (await outbox.turn([], wanted)).claimed]


async def test_p11_a_live_lead_overtakes_a_backfill_within_one_request(store: Store) -> None:
    backfill(store, [f"old-{number}" for number in range(2000)])

    def answer(_key: str, _try: int) -> Receipt:
        if len(desk.endpoint.sent) == 5:
            stage(store, ["fresh"])  # while the fifth request of the backfill is in the air
        if len(desk.endpoint.sent) == 6:
            desk.courier.stop()
        return ACCEPTED

    desk = Desk(store, ScriptedEndpoint(answer), but(max_in_flight=1))
    await desk.deliver()
    assert [key.startswith("old-") for key, _ in desk.endpoint.sent] == [True] * 5 + [False]


async def test_p11_live_leads_without_end_leave_a_share_to_retries_and_to_a_backfill(
    store: Store, outbox: Outbox
) -> None:
    stage(store, [f"retry-{number}" for number in range(30)], lane=Lane.RETRY)
    backfill(store, [f"old-{number}" for number in range(30)])
    stage(store, [f"fresh-{number}" for number in range(100)])
    lanes = [each.lane for each in await claimed(outbox, turns=100)]
    assert lanes[0] is Lane.LIVE
    for lane in (Lane.RETRY, Lane.BACKFILL):
        assert lanes.count(lane) == 100 // EVERY
        assert lanes.index(lane) < EVERY


async def test_p11_the_share_of_a_backfill_is_within_its_own_rate(store: Store, outbox: Outbox) -> None:
    backfill(store, [f"old-{number}" for number in range(30)], rate="1/h")
    stage(store, [f"fresh-{number}" for number in range(100)])
    assert {each.lane for each in await claimed(outbox, turns=60)} == {Lane.LIVE}
    allowed = await claimed(outbox, turns=300, allowance=1)
    assert [each.lane for each in allowed].count(Lane.BACKFILL) == 30


async def test_p11_a_turn_of_many_keeps_shares_and_sends_each_version_once(
    store: Store, outbox: Outbox
) -> None:
    stage(store, [f"retry-{number}" for number in range(3)], lane=Lane.RETRY)
    backfill(store, [f"old-{number}" for number in range(30)])
    stage(store, [f"fresh-{number}" for number in range(60)])
    found = (await outbox.turn([], Wanted(50, lambda _job, _rate: 0))).claimed
    assert [each.lane for each in found] == [Lane.LIVE] * 45 + [Lane.RETRY] * 2 + [Lane.BACKFILL] * 3
    found += (await outbox.turn([], Wanted(50, lambda _job, _rate: 0))).claimed
    assert len({each.version_id for each in found}) == len(found) == 93


async def test_a_limit_that_nobody_states_is_found(store: Store) -> None:
    stage(store, KEYS)
    refused = 0

    def answer(_key: str, _try: int) -> Receipt:
        nonlocal refused
        refused += desk.endpoint.in_air >= 4
        return THROTTLED if desk.endpoint.in_air >= 4 else ACCEPTED

    desk = Desk(store, ScriptedEndpoint(answer, seconds=0.005), but(max_in_flight=16))
    done = await desk.deliver(give_up=20)
    assert (done.accepted, done.rejected, desk.states()) == (60, 0, all_accepted(60))
    # The whole window at first, since nobody could know; then what it takes.
    assert desk.endpoint.most_in_air == 16
    assert refused <= 30


async def test_p7_a_retry_after_stops_every_slot_and_then_one_request_goes_first(store: Store) -> None:
    stage(store, KEYS)
    loop = asyncio.get_running_loop()
    sent: list[tuple[float, int]] = []
    asked = Receipt(Outcome.LATER, "429", 429, retry_after=0.3)

    class Watched(ScriptedEndpoint):
        async def send(self, body: bytes) -> Receipt:
            sent.append((loop.time(), self.in_air + 1))
            return await super().send(body)

    heard: list[float] = []

    def answer(_key: str, _try: int) -> Receipt:
        heard.append(loop.time())
        return asked if len(heard) == 1 else ACCEPTED

    desk = Desk(store, Watched(answer, seconds=0.01), but(max_in_flight=8))
    await desk.deliver()
    before = [at for at, _ in sent if at < heard[0] + 0.29]
    after = [in_air for at, in_air in sent if at >= heard[0] + 0.29]
    assert len(before) == 8  # those that were in the air with it, and not one more
    assert after[:2] == [1, 1]  # one tries, and then it begins with little
    assert max(after) > 4  # and is soon back
    assert desk.states() == all_accepted(60)


async def test_what_delivery_does_is_seen_while_it_does_it(store: Store) -> None:
    stage(store, KEYS)
    desk = Desk(store, ScriptedEndpoint(seconds=0.05), but(max_in_flight=3))
    delivering = asyncio.create_task(desk.deliver())
    await desk.endpoint.until_in_air(3)
    seen = endpoint_status(store)
    assert seen.state == "up"
    assert seen.working is not None
    assert (seen.working.window, seen.working.max_in_flight) == (3, 3)
    desk.courier.stop()
    await delivering
    assert endpoint_status(store).working is None  # nobody delivers any more: what was noted is old


async def test_when_it_is_tried_again_is_seen(store: Store) -> None:
    stage(store, KEYS)
    desk = Desk(store, ScriptedEndpoint(lambda *_: REFUSED), but(first_pause_halted=60.0, longest_pause=60.0))
    delivering = asyncio.create_task(desk.deliver(give_up=None))
    while (seen := endpoint_status(store)).state == "up":  # noqa: ASYNC110 - the store rings no bell
        await asyncio.sleep(0.005)
    assert (seen.state, seen.reason) == ("halted", "401: wrong key")
    assert seen.working is not None
    assert seen.working.next_try is not None
    assert 30 < seen.working.next_try - store.clock() <= 60
    desk.courier.stop()
    await delivering


async def test_working_is_noted_beside_the_condition_and_changes_nothing_of_it(
    store: Store, outbox: Outbox
) -> None:
    nothing = Wanted(0, lambda _job, _rate: 0)
    working = {"window": 4, "max_in_flight": 8, "in_flight": 2, "rate": 1.5, "next_try": None, "at": 1.0}
    await outbox.turn([], nothing, working)
    assert endpoint_status(store).state == "up"
    await outbox.remember("halted", "401", None)
    assert endpoint_status(store).working is not None
    await outbox.turn([], nothing, working | {"window": 2})
    seen = endpoint_status(store)
    assert (seen.state, seen.reason) == ("halted", "401")
    assert seen.working is not None
    assert seen.working.window == 2


async def test_what_another_version_has_noted_is_passed_over(store: Store, outbox: Outbox) -> None:
    row = {"endpoint": SCOPE.endpoint, "state": "up", "since": 0.0, "working": {"speed": 3}}
    store.write_now(lambda connection: connection.execute(tables.endpoint_state.insert().values(row)))
    assert await outbox.next_due() is None
    assert endpoint_status(store).working is None
