"""The courier on a real state store, SQLite and PostgreSQL: what is sent, how often, and where it stands."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sources.units import parse_rate
from sync.delivery import Ending, Goal, Policy
from sync.endpoints.base import Outcome, Receipt
from sync.events import EndpointDown, EndpointUp, LeadSetAside, Recovered
from sync.states import Lane
from sync.store import jobs, ledger, tables
from sync.store.errors import StoreError
from tests.delivery_kit import (
    ACCEPTED,
    BUSY,
    NO_ANSWER,
    NO_LINE,
    QUICK,
    REFUSED,
    REJECTED,
    SCOPE,
    THROTTLED,
    Desk,
    ScriptedEndpoint,
    all_accepted,
    attempts,
    opened,
    payloads,
    stage,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sync.store.store import Store

KEYS = [str(number) for number in range(1, 31)]


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request, request.param) as found:
        yield found


def but(**changes: object) -> Policy:
    return replace(QUICK, **changes)


async def test_all_that_is_due_is_sent_once_and_erased(store: Store) -> None:
    stage(store, KEYS)
    desk = Desk(store, ScriptedEndpoint())
    done = await desk.deliver()
    assert (done.accepted, done.ending) == (30, Ending.DRAINED)
    assert sorted(key for key, _ in desk.endpoint.sent) == sorted(KEYS)
    assert desk.states() == all_accepted(30)
    assert payloads(store) == 0


async def test_p2_what_was_accepted_is_not_sent_again(store: Store) -> None:
    stage(store, KEYS)
    desk = Desk(store, ScriptedEndpoint())
    await desk.deliver()
    desk.courier = desk.another()
    assert (await desk.deliver()).accepted == 0
    assert len(desk.endpoint.sent) == 30


async def test_the_window_is_never_exceeded(store: Store) -> None:
    stage(store, KEYS)
    desk = Desk(store, ScriptedEndpoint(seconds=0.002), but(max_in_flight=3))
    await desk.deliver()
    assert desk.endpoint.most_in_air == 3


async def test_p11_a_live_lead_overtakes_a_backfill(store: Store) -> None:
    stage(store, KEYS, lane=Lane.BACKFILL, job_id=_job(store))
    stage(store, ["fresh"])
    desk = Desk(store, ScriptedEndpoint(), but(max_in_flight=1))
    await desk.deliver()
    assert desk.endpoint.sent[0][0] == "fresh"
    assert desk.states() == all_accepted(31)


async def test_a_backfill_keeps_the_rate_it_was_given(store: Store) -> None:
    stage(store, KEYS[:6], lane=Lane.BACKFILL, job_id=_job(store, rate="100/s"))
    desk = Desk(store, ScriptedEndpoint())
    begun = asyncio.get_running_loop().time()
    done = await desk.deliver()
    assert done.accepted == 6
    # Six with a gap of ten milliseconds, of which two may go together.
    assert asyncio.get_running_loop().time() - begun > 0.02


async def test_own_pace_is_kept(store: Store) -> None:
    stage(store, KEYS[:6])
    desk = Desk(store, ScriptedEndpoint(), but(rate=parse_rate("50/s")))
    begun = asyncio.get_running_loop().time()
    await desk.deliver()
    assert asyncio.get_running_loop().time() - begun > 0.06


async def test_p6_a_refused_lead_harms_no_other(store: Store) -> None:
    stage(store, KEYS)
    desk = Desk(store, ScriptedEndpoint(lambda key, _try: REJECTED if key == "7" else ACCEPTED))
    done = await desk.deliver()
    assert (done.accepted, done.rejected, done.ending) == (29, 1, Ending.DRAINED)
    assert desk.states() == {"accepted": 29, "rejected": 1}
    (said,) = desk.told.of(LeadSetAside)
    assert (said.key, said.detail) == ("7", "400: no")
    assert payloads(store) == 1  # kept, so that `retry` can send it


async def test_p7_a_wrong_key_spends_no_lead(store: Store) -> None:
    stage(store, KEYS)
    desk = Desk(store, ScriptedEndpoint(lambda *_: REFUSED), but(first_pause_halted=60.0, longest_pause=60.0))
    done = await desk.deliver()
    assert (done.ending, done.reason) == (Ending.HALTED, "401: wrong key")
    assert (done.rejected, done.unknown) == (0, 0)
    assert desk.states() == {"pending": 30}
    assert len(desk.endpoint.sent) <= QUICK.max_in_flight
    assert len(desk.told.of(EndpointDown)) == 1


async def test_p7_a_halt_is_remembered_and_tried_with_one_lead(store: Store) -> None:
    stage(store, KEYS)
    desk = Desk(store, ScriptedEndpoint(lambda *_: REFUSED), but(first_pause_halted=60.0, longest_pause=60.0))
    await desk.deliver()
    desk.endpoint.sent.clear()
    desk.courier = desk.another()
    await desk.deliver()
    assert len(desk.endpoint.sent) == 1


async def test_p7_a_halted_endpoint_takes_up_again_when_the_key_is_right(store: Store) -> None:
    stage(store, KEYS)
    right = False
    desk = Desk(
        store,
        ScriptedEndpoint(lambda *_: ACCEPTED if right else REFUSED),
        but(first_pause_halted=60.0, longest_pause=60.0),
    )
    await desk.deliver()
    right = True
    desk.courier = desk.another()
    assert (await desk.deliver()).accepted == 30
    assert len(desk.told.of(EndpointUp)) == 1


async def test_p7_an_outage_costs_no_lead(store: Store) -> None:
    stage(store, KEYS)
    desk = Desk(store, ScriptedEndpoint(lambda *_: NO_LINE))
    done = await desk.deliver(give_up=0.05)
    assert done.ending is Ending.GAVE_UP
    assert desk.states() == {"pending": 30}
    assert "no connection" in done.reason


async def test_p7_an_endpoint_that_is_down_for_a_while_gets_everything_once(store: Store) -> None:
    stage(store, KEYS)
    calls = Counter[str]()

    def answer(_key: str, _try: int) -> Receipt:
        calls["all"] += 1
        return NO_LINE if calls["all"] < 20 else ACCEPTED

    desk = Desk(store, ScriptedEndpoint(answer))
    done = await desk.deliver()
    assert (done.accepted, done.ending) == (30, Ending.DRAINED)
    assert desk.states() == all_accepted(30)


async def test_p7_an_outage_with_bad_answers_leaves_unknown_only_what_was_in_the_air(store: Store) -> None:
    stage(store, KEYS)
    desk = Desk(
        store,
        ScriptedEndpoint(lambda *_: NO_ANSWER),
        but(unknown_outcome="hold", first_pause=60.0, longest_pause=60.0),
    )
    done = await desk.deliver(give_up=1.0)
    assert done.ending is Ending.GAVE_UP
    assert done.unknown <= QUICK.failures_in_a_row - 1 + QUICK.max_in_flight
    assert desk.states()["pending"] == 30 - done.unknown


async def test_a_failing_endpoint_is_asked_before_a_lead_is_spent(store: Store) -> None:
    stage(store, KEYS)

    class AskedOnce(ScriptedEndpoint):
        async def probe(self) -> Receipt:
            desk.courier.stop()
            return await super().probe()

    desk = Desk(store, AskedOnce(lambda *_: NO_ANSWER))
    desk.endpoint.probe_answer = NO_LINE
    async with asyncio.timeout(60):
        await desk.deliver(give_up=None)
    assert desk.endpoint.probes == 1
    assert len(desk.endpoint.sent) <= QUICK.failures_in_a_row - 1 + QUICK.max_in_flight


async def test_retry_after_is_heeded_in_full_by_all(store: Store) -> None:
    stage(store, KEYS)
    seen: list[float] = []
    loop = asyncio.get_running_loop()

    def answer(_key: str, _try: int) -> Receipt:
        seen.append(loop.time())
        return Receipt(Outcome.LATER, "429", 429, retry_after=0.15) if len(seen) == 1 else ACCEPTED

    desk = Desk(store, ScriptedEndpoint(answer), but(max_in_flight=1))
    await desk.deliver()
    assert seen[1] - seen[0] >= 0.14
    assert desk.states() == all_accepted(30)


async def test_a_retry_after_beyond_give_up_ends_at_once_and_is_remembered(store: Store) -> None:
    stage(store, KEYS)
    asked = Receipt(Outcome.LATER, "503: maintenance", 503, retry_after=3600)
    desk = Desk(store, ScriptedEndpoint(lambda *_: asked))
    done = await desk.deliver(give_up=1.0)
    assert done.ending is Ending.GAVE_UP
    assert "left alone for 1h" in done.reason
    desk.endpoint.sent.clear()
    desk.courier = desk.another()
    assert (await desk.deliver(give_up=1.0)).ending is Ending.GAVE_UP
    assert desk.endpoint.sent == []


async def test_a_longer_retry_after_takes_the_place_of_the_one_before_it(store: Store) -> None:
    stage(store, KEYS)

    def answer(_key: str, _try: int) -> Receipt:
        wait = 0.02 if len(desk.endpoint.sent) == 1 else 3600
        return Receipt(Outcome.LATER, "503: maintenance", 503, retry_after=wait)

    desk = Desk(store, ScriptedEndpoint(answer), but(max_in_flight=1))
    done = await desk.deliver(give_up=1.0)
    assert (done.ending, len(desk.endpoint.sent)) == (Ending.GAVE_UP, 2)
    kept = await desk.courier.outbox.condition()
    assert kept.not_before > store.clock() + 3000, "status says so"
    desk.endpoint.sent.clear()
    desk.courier = desk.another()
    assert (await desk.deliver(give_up=1.0)).ending is Ending.GAVE_UP
    assert desk.endpoint.sent == [], "the next process keeps to it"


@pytest.mark.parametrize(
    ("answer", "arrived"), [(ACCEPTED, False), (REJECTED, False), (NO_ANSWER, True), (BUSY, False)]
)
async def test_p8_the_ledger_knows_what_may_have_arrived(
    store: Store, answer: Receipt, *, arrived: bool
) -> None:
    stage(store, ["1"])
    slowly = but(first_delay=60.0, longest_delay=60.0, failures_in_a_row=5)
    desk = Desk(store, ScriptedEndpoint(lambda *_: answer), slowly)
    await desk.deliver(give_up=0.1)
    assert len(desk.endpoint.sent) == 1
    found = store.read_now(lambda connection: ledger.known(connection, SCOPE, ["1"]))
    assert found["1"].may_have_arrived is arrived


@pytest.mark.parametrize("bad", [NO_ANSWER, BUSY], ids=["unknown", "put off"])
async def test_p6_a_lead_that_fails_again_and_again_while_others_pass_is_rejected(
    store: Store, bad: Receipt
) -> None:
    stage(store, KEYS)
    desk = Desk(store, ScriptedEndpoint(lambda key, _try: bad if key == "7" else ACCEPTED))
    done = await desk.deliver()
    assert (done.accepted, done.rejected) == (29, 1)
    assert "while others passed" in desk.told.of(LeadSetAside)[0].detail


async def test_p8_an_unknown_outcome_is_repeated_so_often_and_then_left_to_a_person(
    store: Store,
) -> None:
    stage(store, ["only"])
    desk = Desk(store, ScriptedEndpoint(lambda *_: NO_ANSWER), but(max_repeats=2))
    done = await desk.deliver()
    assert len(desk.endpoint.sent) == 3
    assert (done.unknown, desk.states()) == (1, {"unknown": 1})
    assert attempts(store) == ["unknown"] * 3


async def test_p8_hold_sends_nothing_again_and_the_next_version_waits(store: Store) -> None:
    stage(store, ["1"])
    desk = Desk(store, ScriptedEndpoint(lambda *_: NO_ANSWER), but(unknown_outcome="hold"))
    await desk.deliver()
    stage(store, ["1"], says="second")
    desk.courier = desk.another()
    await desk.deliver()
    assert desk.endpoint.sent == [("1", "first")]
    assert desk.states() == {"unknown": 1, "pending": 1}


async def test_throttling_never_counts_against_a_lead(store: Store) -> None:
    stage(store, KEYS[:3])
    desk = Desk(store, ScriptedEndpoint(lambda _key, number: THROTTLED if number <= 12 else ACCEPTED))
    done = await desk.deliver(give_up=20)
    assert (done.accepted, done.rejected) == (3, 0)


async def test_p4_a_version_that_comes_back_gives_way_to_a_newer_one(store: Store) -> None:
    stage(store, ["1"])

    def answer(_key: str, number: int) -> Receipt:
        if number == 1:
            stage(store, ["1"], says="second")  # while the first is in the air
            return BUSY
        return ACCEPTED

    desk = Desk(store, ScriptedEndpoint(answer))
    done = await desk.deliver()
    assert desk.endpoint.sent == [("1", "first"), ("1", "second")]
    assert done.superseded == 1
    assert desk.states() == {"superseded": 1, "accepted": 1}
    assert payloads(store) == 0


@pytest.mark.parametrize(
    ("answer", "goes_again"),
    [(BUSY, False), (THROTTLED, False), (REFUSED, False), (REJECTED, False), (NO_ANSWER, True)],
)
async def test_p2_a_change_taken_back_while_it_flew_is_not_sent_unless_it_may_have_arrived(
    store: Store, answer: Receipt, goes_again: bool
) -> None:
    stage(store, ["1"])
    await Desk(store, ScriptedEndpoint()).deliver()
    stage(store, ["1"], says="second")

    def answers(_key: str, number: int) -> Receipt:
        if number > 1:
            return ACCEPTED
        stage(store, ["1"], says="first")  # taken back while the change is in the air
        return answer

    desk = Desk(store, ScriptedEndpoint(answers))
    await desk.deliver()
    assert desk.endpoint.sent == [("1", "second"), *([("1", "first")] if goes_again else [])]
    assert desk.states() == (
        {"accepted": 2, "superseded": 1} if goes_again else {"accepted": 1, "superseded": 2}
    )
    assert payloads(store) == 0
    stage(store, ["1"], says="third")  # the lead goes on from what the endpoint has
    await Desk(store, desk.endpoint).deliver()
    assert desk.endpoint.sent[-1] == ("1", "third")


async def test_p4_requests_of_one_lead_are_strictly_one_after_another(store: Store) -> None:
    stage(store, KEYS)

    def answer(key: str, number: int) -> Receipt:
        if number <= 2:
            stage(store, [key], says=f"v{number + 1}")
        return ACCEPTED

    desk = Desk(store, ScriptedEndpoint(answer, seconds=0.001))
    await desk.deliver()
    assert not desk.endpoint.overlapped
    for key in KEYS:
        assert [said for of, said in desk.endpoint.sent if of == key] == ["first", "v2", "v3"]


async def test_p4_an_unknown_version_is_not_sent_after_a_newer_one(store: Store) -> None:
    stage(store, ["1"])

    def answer(_key: str, number: int) -> Receipt:
        if number == 1:
            stage(store, ["1"], says="second")
            return NO_ANSWER
        return ACCEPTED

    desk = Desk(store, ScriptedEndpoint(answer))
    await desk.deliver()
    assert desk.endpoint.sent == [("1", "first"), ("1", "second")]


async def test_p3_a_dropped_delivery_leaves_at_most_the_window_in_the_air(store: Store) -> None:
    stage(store, KEYS)
    desk = Desk(store, ScriptedEndpoint(seconds=30))
    delivering = asyncio.create_task(desk.deliver())
    await desk.endpoint.until_in_air(QUICK.max_in_flight)
    delivering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await delivering
    assert desk.states() == {"pending": 26, "sending": 4}

    again = Desk(store, ScriptedEndpoint())
    done = await again.deliver()
    assert again.told.of(Recovered)[0].versions == 4
    assert done.accepted == 30
    repeated = Counter(key for key, _ in desk.endpoint.sent + again.endpoint.sent)
    assert sum(count - 1 for count in repeated.values()) == 4


async def test_p3_with_hold_nothing_is_repeated_after_a_kill(store: Store) -> None:
    stage(store, KEYS)
    desk = Desk(store, ScriptedEndpoint(seconds=30))
    delivering = asyncio.create_task(desk.deliver())
    await desk.endpoint.until_in_air(QUICK.max_in_flight)
    delivering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await delivering
    again = Desk(store, ScriptedEndpoint(), but(unknown_outcome="hold"))
    await again.deliver()
    assert again.states() == {"accepted": 26, "unknown": 4}


async def test_stop_settles_what_is_in_the_air_and_sends_nothing_more(store: Store) -> None:
    stage(store, KEYS)
    desk = Desk(store, ScriptedEndpoint(seconds=0.03))
    delivering = asyncio.create_task(desk.deliver())
    await desk.endpoint.until_in_air(QUICK.max_in_flight)
    desk.courier.stop()
    done = await delivering
    assert done.ending is Ending.STOPPED
    assert done.accepted == len(desk.endpoint.sent) < 30
    assert desk.states() == {"accepted": done.accepted, "pending": 30 - done.accepted}


async def test_a_paused_source_waits_and_the_others_go(store: Store) -> None:
    stage(store, KEYS)
    store.write_now(
        lambda c: c.execute(tables.pause.insert().values(scope=f"source:{SCOPE.source}", since=0.0))
    )
    desk = Desk(store, ScriptedEndpoint())
    assert (await desk.deliver()).accepted == 0
    assert desk.states() == {"pending": 30}


async def test_a_lead_whose_payload_is_gone_is_set_aside(store: Store) -> None:
    stage(store, ["1", "2"])
    store.write_now(lambda c: c.execute(tables.payload.delete().where(tables.payload.c.version_id == 1)))
    desk = Desk(store, ScriptedEndpoint())
    done = await desk.deliver()
    assert (done.accepted, done.rejected) == (1, 1)


async def test_a_bug_while_sending_leaves_nothing_in_the_air(store: Store) -> None:
    stage(store, ["1"])

    def answer(_key: str, _try: int) -> Receipt:
        raise ZeroDivisionError

    desk = Desk(store, ScriptedEndpoint(answer), but(unknown_outcome="hold"))
    await desk.deliver()
    assert desk.states() == {"unknown": 1}


async def test_p12_without_the_lease_nothing_is_claimed(store: Store) -> None:
    stage(store, KEYS)
    desk = Desk(store, ScriptedEndpoint())
    with pytest.raises(StoreError):
        await desk.courier.deliver(Goal(1.0))
    assert desk.endpoint.sent == []


def _job(store: Store, rate: str | None = None) -> int:
    return store.write_now(lambda c: jobs.begin_or_resume(c, SCOPE, {"since": None}, rate, 0.0)).id
