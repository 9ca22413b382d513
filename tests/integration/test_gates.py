"""The gates in the transaction that claims: dedupe, max_age and the suppression list, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, update

from sync.states import Lane, State
from sync.store import tables
from sync.store.actions.approve import approve
from sync.store.actions.discard import discard
from sync.store.actions.retry import retry
from sync.store.digests import email_digest, phone_digest
from sync.store.views.selection import Selection, find_leads
from sync.store.views.trace import trace
from tests.gate_scene import DAY, Scene, iso

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sync.store.store import Store
    from tests.engine_world import Clock

PHONE, OTHER_PHONE = "8045550101", "8045550102"
EMAIL = "ada@example.com"


def deduping(store: Store, clock: Clock, rule: str = "phone, email within 30d") -> Scene:
    return Scene(store, clock, dedupe=rule)


async def test_p2_the_same_homeowner_of_two_sources_is_texted_once(store: Store, clock: Clock) -> None:
    scene = deduping(store, clock)
    scene.stage("crm:17", phoneNumber=PHONE)
    await scene.send("crm:17")
    clock.now += 3 * DAY
    scene.stage("sheet:a", phoneNumber=PHONE)
    scene.stage("sheet:b", phoneNumber=OTHER_PHONE)
    turn = await scene.turn()
    assert [each.key for each in turn.claimed] == ["b"]
    assert turn.looked_at == 2
    assert scene.stands()["sheet:a"] == ("discarded", "the same phone was sent as crm 17 on 2027-01-15")
    assert len(scene.column(tables.payload.c.version_id)) == 1, "that of the one in the air"
    (found,) = store.read_now(lambda connection: trace(connection, "sheet:a", store.digest_key))
    assert (found.state, found.reason) == (State.DISCARDED, scene.stands()["sheet:a"][1])


async def test_an_email_counts_whatever_its_capitals(store: Store, clock: Clock) -> None:
    scene = deduping(store, clock)
    scene.stage("crm:17", email=EMAIL, phoneNumber=PHONE)
    await scene.send("crm:17")
    scene.stage("sheet:a", email="Ada@example.com", phoneNumber=OTHER_PHONE)
    assert await scene.claim() == []
    assert "the same e-mail was sent as crm 17" in str(scene.stands()["sheet:a"][1])


async def test_only_what_is_named_is_compared_and_only_so_far_back(store: Store, clock: Clock) -> None:
    scene = deduping(store, clock, "phone within 30d")
    scene.stage("crm:17", email=EMAIL, phoneNumber=PHONE)
    await scene.send("crm:17")
    scene.stage("sheet:a", email=EMAIL)
    await scene.send("sheet:a")
    clock.now += 31 * DAY
    scene.stage("sheet:b", phoneNumber=PHONE)
    assert await scene.claim() == ["sheet:b"]


async def test_what_goes_elsewhere_is_not_compared(store: Store, clock: Clock) -> None:
    scene = deduping(store, clock)
    scene.stage("crm:17", phoneNumber=PHONE)
    await scene.send("crm:17")
    other = Scene(store, clock, dedupe="phone within 30d", endpoint="west")
    other.stage("sheet:a", phoneNumber=PHONE)
    assert await other.claim() == ["sheet:a"]


async def test_of_two_at_once_the_first_goes_and_the_other_waits_for_its_answer(
    store: Store, clock: Clock
) -> None:
    scene = deduping(store, clock)
    scene.stage("crm:17", phoneNumber=PHONE)
    scene.stage("sheet:a", phoneNumber=PHONE)
    first = await scene.turn()
    assert ([each.key for each in first.claimed], first.put_off) == (["17"], 1)
    assert (await scene.turn()).looked_at == 0, "it is not looked at over and over"
    clock.now += 1
    assert (await scene.turn()).put_off == 1
    await scene.settle(first.claimed, State.ACCEPTED)
    clock.now += 1
    assert await scene.claim() == []
    assert scene.stands()["sheet:a"] == ("discarded", "the same phone was sent as crm 17 on 2027-01-15")


async def test_p1_a_homeowner_whose_first_lead_was_refused_gets_the_second(
    store: Store, clock: Clock
) -> None:
    scene = deduping(store, clock)
    scene.stage("crm:17", phoneNumber=PHONE)
    scene.stage("sheet:a", phoneNumber=PHONE)
    await scene.settle((await scene.turn()).claimed, State.REJECTED)
    clock.now += 1
    assert await scene.claim() == ["sheet:a"]


@pytest.mark.parametrize("ends", [{"state": State.UNKNOWN}, {"state": State.PENDING, "repeats": 1}])
async def test_p8_what_may_have_arrived_counts_as_sent(
    store: Store, clock: Clock, ends: dict[str, Any]
) -> None:
    scene = deduping(store, clock)
    scene.stage("crm:17", phoneNumber=PHONE)
    await scene.settle((await scene.turn()).claimed, due_at=clock.now + 60, **ends)
    scene.stage("sheet:a", phoneNumber=PHONE)
    assert await scene.claim() == []
    assert scene.stands()["sheet:a"] == (
        "discarded",
        "the same phone may have been sent as crm 17 on 2027-01-15",
    )


async def _given_up(scene: Scene) -> None:
    """Let it be sent again, and be rejected for want of a clear answer, as when others pass."""
    scene.clock.now += 60
    await scene.settle((await scene.turn()).claimed, State.REJECTED, repeats=1)


async def _superseded(scene: Scene) -> None:
    scene.stage("crm:17", phoneNumber="8045550199")


async def _discarded(scene: Scene) -> None:
    scene.store.write_now(lambda connection: discard(connection, Selection(source="crm"), scene.clock.now))


async def _held(scene: Scene) -> None:
    held = update(tables.version).values(state=State.HELD.value)
    scene.store.write_now(lambda connection: connection.execute(held))


@pytest.mark.parametrize("then", [_given_up, _superseded, _discarded, _held])
async def test_p8_what_may_have_arrived_counts_whatever_became_of_it(
    store: Store, clock: Clock, then: Callable[[Scene], Awaitable[None]]
) -> None:
    scene = deduping(store, clock)
    scene.stage("crm:17", phoneNumber=PHONE)
    await scene.settle((await scene.turn()).claimed, State.PENDING, repeats=1, due_at=clock.now + 60)
    await then(scene)
    scene.stage("sheet:a", phoneNumber=PHONE)
    assert "sheet:a" not in await scene.claim()
    assert scene.stands()["sheet:a"] == (
        "discarded",
        "the same phone may have been sent as crm 17 on 2027-01-15",
    )


async def test_p8_an_unknown_lead_that_is_sent_again_is_not_overtaken_by_its_double(
    store: Store, clock: Clock
) -> None:
    scene = deduping(store, clock)
    scene.stage("sheet:a", phoneNumber=PHONE, updatedAt=iso(clock.now))
    scene.stage("crm:17", phoneNumber=PHONE)
    (_, crm) = scene.column(tables.version.c.id)
    hold = update(tables.version).where(tables.version.c.id != crm).values(due_at=clock.now + 10)
    store.write_now(lambda connection: connection.execute(hold))
    await scene.settle((await scene.turn()).claimed, State.UNKNOWN)
    clock.now += 10
    store.write_now(lambda connection: retry(connection, Selection(source="crm"), clock.now))
    assert await scene.claim() == ["crm:17"], "the other one would go first"
    assert scene.stands()["sheet:a"] == (
        "discarded",
        "the same phone may have been sent as crm 17 on 2027-01-15",
    )


async def test_what_may_have_arrived_long_ago_does_not_count(store: Store, clock: Clock) -> None:
    scene = deduping(store, clock)
    scene.stage("crm:17", phoneNumber=PHONE)
    await scene.settle((await scene.turn()).claimed, State.PENDING, repeats=1, due_at=clock.now)
    await _discarded(scene)
    clock.now += 31 * DAY
    scene.stage("sheet:a", phoneNumber=PHONE)
    assert await scene.claim() == ["sheet:a"]


async def test_updates_of_a_lead_that_was_sent_go_on(store: Store, clock: Clock) -> None:
    scene = deduping(store, clock)
    scene.stage("crm:17", phoneNumber=PHONE)
    scene.stage("sheet:a", phoneNumber=OTHER_PHONE)
    await scene.send("crm:17", "sheet:a")
    scene.stage("sheet:a", phoneNumber=PHONE, status="won")
    assert await scene.claim() == ["sheet:a"]


async def test_a_phone_that_the_other_lead_had_only_before_does_not_count(store: Store, clock: Clock) -> None:
    scene = deduping(store, clock, "phone within 2d")
    scene.stage("crm:17", phoneNumber=PHONE)
    await scene.send("crm:17")
    clock.now += 5 * DAY
    scene.stage("crm:17", phoneNumber=OTHER_PHONE)
    await scene.send("crm:17")
    scene.stage("sheet:a", phoneNumber=PHONE)
    scene.stage("sheet:b", phoneNumber=OTHER_PHONE)
    assert await scene.claim() == ["sheet:a"]


async def test_a_later_change_is_judged_anew(store: Store, clock: Clock) -> None:
    scene = deduping(store, clock)
    scene.stage("crm:17", phoneNumber=PHONE)
    await scene.send("crm:17")
    scene.stage("sheet:a", phoneNumber=PHONE)
    assert await scene.claim() == []
    scene.stage("sheet:a", phoneNumber=OTHER_PHONE)
    assert await scene.claim() == ["sheet:a"]


async def test_a_person_overrides_it_by_name_and_not_by_the_dozen(store: Store, clock: Clock) -> None:
    scene = deduping(store, clock)
    scene.stage("crm:17", phoneNumber=PHONE)
    await scene.send("crm:17")
    scene.stage("sheet:a", phoneNumber=PHONE, asked=True)
    scene.stage("walk_ins:1", phoneNumber=PHONE)
    scene.name_it("walk_ins")
    assert await scene.claim() == ["walk_ins:1"]


async def test_a_job_that_names_its_leads_overrides_it_too(store: Store, clock: Clock) -> None:
    scene = deduping(store, clock)
    scene.stage("crm:17", phoneNumber=PHONE)
    await scene.send("crm:17")
    for number, request in ((1, {"again": True, "ids": ["a"]}), (2, {"since": None})):
        job = {"id": number, "endpoint": "default", "source": "sheet", "request": request}
        row = {**job, "state": "sending", "created_at": clock.now}
        store.write_now(lambda connection, row=row: connection.execute(insert(tables.job).values(row)))
    scene.stage("sheet:a", lane=Lane.BACKFILL, job=1, asked=True, phoneNumber=PHONE)
    scene.stage("sheet:b", lane=Lane.BACKFILL, job=2, asked=True, phoneNumber=PHONE)
    assert await scene.claim() == ["sheet:a"]
    assert scene.stands()["sheet:b"][0] == "discarded"


async def test_p11_what_is_turned_away_keeps_nobody_waiting(store: Store, clock: Clock) -> None:
    scene = deduping(store, clock)
    scene.stage("crm:17", phoneNumber=PHONE)
    await scene.send("crm:17")
    for number in range(10):
        scene.stage(f"sheet:{number}", phoneNumber=PHONE)
    scene.stage("sheet:new", phoneNumber=OTHER_PHONE)
    found = [await scene.turn(slots=4) for _ in range(3)]
    assert [len(each.turned_away) for each in found] == [4, 4, 2]
    assert [each.key for each in found[-1].claimed] == ["new"]


async def test_a_lead_that_is_too_old_is_held_until_a_person_lets_it_go(store: Store, clock: Clock) -> None:
    scene = Scene(store, clock, max_age=timedelta(days=7))
    now = clock.now
    scene.stage("crm:1", updatedAt=iso(now - 9.5 * DAY), createdAt=iso(now))
    scene.stage("crm:2", updatedAt=iso(now - 6 * DAY), createdAt=iso(now - 99 * DAY))
    scene.stage("crm:3", createdAt=iso(now - 8 * DAY))
    scene.stage("crm:4")
    scene.stage("crm:5", updatedAt=iso(now - 99 * DAY), asked=True)
    scene.stage("crm:6", lane=Lane.BACKFILL, updatedAt=iso(now - 99 * DAY))
    turn = await scene.turn(slots=3)
    assert ([each.key for each in turn.claimed], len(turn.turned_away)) == (["2"], 2)
    assert scene.stands()["crm:1"] == ("held", "older than max_age: 7d (9 days)")
    assert scene.stands()["crm:3"] == ("held", "older than max_age: 7d (8 days)")
    assert len(scene.column(tables.payload.c.version_id)) == 6, "what is held can still be sent"
    clock.now += 7.5 * DAY
    assert await scene.claim() == ["crm:5", "crm:6"], "the time since it was staged counts as well"
    assert scene.stands()["crm:4"][0] == "held"


async def test_p2_a_duplicate_is_not_held_for_its_age_and_then_let_go_by_name(
    store: Store, clock: Clock
) -> None:
    scene = Scene(store, clock, max_age=timedelta(days=7), dedupe="phone within 30d")
    scene.stage("crm:1", phoneNumber=PHONE)
    await scene.send("crm:1")
    old = iso(clock.now - 9 * DAY)
    scene.stage("sheet:a", phoneNumber=PHONE, updatedAt=old)
    scene.stage("sheet:b", phoneNumber=OTHER_PHONE, updatedAt=old)
    scene.stage("sheet:c", phoneNumber=OTHER_PHONE)
    assert await scene.claim() == ["sheet:c"], "nobody waits for one that is held"
    assert {name: state for name, (state, _) in scene.stands().items()} == {
        "crm:1": "accepted",
        "sheet:a": "discarded",
        "sheet:b": "held",
        "sheet:c": "sending",
    }


@pytest.mark.parametrize("by_name", [True, False])
async def test_let_go_by_its_id_it_goes_let_go_by_the_dozen_it_is_compared(
    store: Store, clock: Clock, *, by_name: bool
) -> None:
    scene = Scene(store, clock, max_age=timedelta(days=7), dedupe="phone within 30d")
    scene.stage("sheet:a", phoneNumber=PHONE, updatedAt=iso(clock.now - 9 * DAY))
    assert await scene.claim() == []
    scene.stage("crm:1", phoneNumber=PHONE)
    await scene.send("crm:1")
    (lead,) = store.read_now(lambda connection: find_leads(connection, "sheet:a"))
    chosen = Selection((lead.id,)) if by_name else Selection(source="sheet")
    store.write_now(lambda connection: approve(connection, chosen, clock.now))
    assert await scene.claim() == (["sheet:a"] if by_name else [])


async def test_who_is_on_the_suppression_list_is_not_texted_whoever_asks(store: Store, clock: Clock) -> None:
    listed: set[bytes] = {phone_digest(PHONE, store.digest_key)}
    scene = Scene(store, clock, suppressed=listed, dedupe="phone, email within 30d")
    scene.stage("crm:1", phoneNumber=PHONE, email=EMAIL)
    scene.stage("crm:2", phoneNumber=OTHER_PHONE, email=EMAIL)
    scene.stage("crm:3", phoneNumber=PHONE, asked=True)
    scene.name_it("crm")
    await scene.send("crm:2")
    assert scene.stands()["crm:1"] == ("discarded", "its phone is on the suppression list")
    assert scene.stands()["crm:3"] == ("discarded", "its phone is on the suppression list")
    listed.add(email_digest(EMAIL, store.digest_key))
    scene.stage("crm:2", phoneNumber=OTHER_PHONE, email=EMAIL, status="won")
    assert await scene.claim() == [], "an update texts as well"
    assert scene.stands()["crm:2"] == ("discarded", "its e-mail is on the suppression list")


async def test_p10_nothing_of_a_lead_stays_in_the_store(store: Store, clock: Clock) -> None:
    scene = Scene(store, clock, suppressed={phone_digest(PHONE, store.digest_key)})
    scene.stage("crm:1", phoneNumber=PHONE, email=EMAIL)
    await scene.claim()
    assert scene.column(tables.payload.c.version_id) == []
    said = f"{scene.stands()} {scene.column(tables.lead.c.reason)}"
    assert PHONE not in said
    assert EMAIL not in said
