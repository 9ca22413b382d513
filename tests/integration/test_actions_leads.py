"""`retry`, `discard` and `approve` on a real store, with the engine and the outbox around them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from sources.errors import BadRecord
from sources.units import parse_rate
from sync.states import Lane, State
from sync.store import tables
from sync.store.actions.approve import approve
from sync.store.actions.discard import discard
from sync.store.actions.retry import retry
from sync.store.views.selection import Selection
from tests.engine_world import mapping_of
from tests.scripted_source import ScriptedSource, at, page, record


def act(store, action, **chosen):
    return store.write_now(lambda connection: action(connection, Selection(**chosen), store.clock()))


async def staged(world, *names, start=1):
    for number, name in enumerate(names, start):
        world.source.rows[name] = record(name, "Ada", at(number))
    await world.sync()


async def payload_count(world):
    return len(await world.column(tables.payload.c.version_id))


async def settled(world, state, **more):
    await world.settle(await world.claim(), state, **more)


async def test_retry_sends_a_rejected_lead_once_more(world):
    await staged(world, "1", "2")
    await settled(world, State.REJECTED, detail="422: no")
    done = act(world.store, retry)
    assert (done.changed, done.left) == ({State.REJECTED: 2}, {})
    assert await world.deliver() == [("1", "Ada"), ("2", "Ada")]


async def test_retry_starts_its_counters_anew_and_goes_in_the_retry_lane(world):
    await staged(world, "1")
    await settled(world, State.PENDING, due_at=0.0, repeats=3, lane=Lane.RETRY)
    await settled(world, State.UNKNOWN, repeats=3)
    act(world.store, retry, states=(State.UNKNOWN,))
    (claimed,) = await world.claim()
    assert (claimed.tries, claimed.repeats, claimed.lane) == (1, 0, Lane.RETRY)


async def test_p4_retry_never_sends_an_older_version(world):
    await staged(world, "1")
    await settled(world, State.REJECTED, detail="422: no")
    world.source.rows["1"] = record("1", "Augusta", at(9))
    await world.sync()
    act(world.store, retry)
    assert await world.deliver() == [("1", "Augusta")]


async def test_p4_retry_of_an_unknown_version_lets_the_newest_go(world):
    await staged(world, "1")
    await settled(world, State.UNKNOWN)
    world.source.rows["1"] = record("1", "Augusta", at(9))
    await world.sync()
    assert await world.claim() == []
    done = act(world.store, retry)
    assert done.changed == {State.UNKNOWN: 1}
    assert await world.deliver() == [("1", "Augusta")]
    assert await world.versions() == {State.SUPERSEDED: 1, State.ACCEPTED: 1}
    assert await payload_count(world) == 0


async def test_p8_an_unknown_lead_waits_until_a_person_decides(world):
    await staged(world, "1")
    await settled(world, State.UNKNOWN)
    assert await world.deliver() == []
    act(world.store, retry, states=(State.UNKNOWN,))
    assert await world.deliver() == [("1", "Ada")]


async def test_retry_maps_an_invalid_record_again(world):
    world.source.rows["1"] = record("1", "Ada", at(1), phone="804")
    await world.sync()
    assert await world.stands() == {"1": State.INVALID}
    assert act(world.store, retry).changed == {State.INVALID: 1}
    found = [record async for records in world.ledger().invalid_records() for record in records]
    assert [each.key for each in found] == ["1"]
    await world.sync()
    assert await world.stands() == {"1": State.INVALID}


async def test_p6_a_mended_mapping_sends_what_was_invalid(world):
    world.source.rows["1"] = record("1", "Ada", at(1), phone="804", mobile="(804) 555-0100")
    await world.sync()
    world.mapping = mapping_of("lead:\n  firstName: name\n  phoneNumber: mobile\n")
    act(world.store, retry)
    await world.sync()
    assert await world.deliver() == [("1", "Ada")]


async def test_retry_leaves_rows_without_a_key_to_the_source(world):
    bad = BadRecord("it has no key", "row 7", {"name": "Ada", "phone": "(804) 555-0100"})
    world.source = ScriptedSource([page(bad=[bad])])
    await world.sync()
    done = act(world.store, retry)
    assert (done.total, list(done.left.values())) == (0, [1])
    await world.sync()
    assert await world.deliver() == []


async def test_p5_retry_leaves_alone_what_a_guard_holds(world):
    await world.sync()  # the first one, of which everything was asked for
    world.max_sends = parse_rate("1/h")
    await staged(world, "1", "2")
    done = act(world.store, retry)
    assert done.total == 0
    assert "approve" in next(iter(done.left))
    assert await world.deliver() == []


async def test_approve_lets_go_what_a_guard_holds_and_is_not_asked_twice(world):
    await world.sync()  # the first one, of which everything was asked for
    world.max_sends = parse_rate("1/h")
    await staged(world, "1", "2")
    assert act(world.store, approve).changed == {State.HELD: 2}
    assert await world.deliver() == [("1", "Ada"), ("2", "Ada")]
    await staged(world, "3", start=3)
    assert await world.deliver() == [("3", "Ada")]


async def test_approve_touches_nothing_but_what_is_held(world):
    await staged(world, "1")
    await settled(world, State.REJECTED)
    assert act(world.store, approve).total == 0
    assert await world.stands() == {"1": State.REJECTED}


async def test_p10_discard_erases_the_payload(world):
    await staged(world, "1", "2")
    assert act(world.store, discard).changed == {State.PENDING: 2}
    assert await payload_count(world) == 0
    assert await world.deliver() == []
    assert await world.stands() == {"1": State.DISCARDED, "2": State.DISCARDED}


async def test_p2_what_was_discarded_is_sent_only_when_it_changes(world):
    await staged(world, "1")
    act(world.store, discard)
    await world.sync()
    assert await world.deliver() == []
    world.source.rows["1"] = record("1", "Augusta", at(9))
    await world.sync()
    assert await world.deliver() == [("1", "Augusta")]


async def test_p5_a_discarded_invalid_record_is_not_sent_by_a_mended_mapping(world):
    world.source.rows["1"] = record("1", "Ada", at(1), phone="804", mobile="(804) 555-0100")
    await world.sync()
    assert act(world.store, discard).changed == {State.INVALID: 1}
    world.mapping = mapping_of("lead:\n  firstName: name\n  phoneNumber: mobile\n")
    world.source.rows["2"] = record("2", "Grace", at(2), mobile="(804) 555-0101")
    await world.sync()
    assert await world.deliver() == [("2", "Grace")]


async def test_discarding_an_unknown_version_lets_the_newer_one_go(world):
    await staged(world, "1")
    await settled(world, State.UNKNOWN)
    world.source.rows["1"] = record("1", "Augusta", at(9))
    await world.sync()
    act(world.store, discard, states=(State.UNKNOWN,))
    assert await world.deliver() == [("1", "Augusta")]


async def test_what_is_in_the_air_cant_be_put_away(world):
    await staged(world, "1")
    claimed = await world.claim()
    done = act(world.store, discard)
    assert (done.total, list(done.left.values())) == (0, [1])
    await world.settle(claimed, State.ACCEPTED)
    assert await world.stands() == {"1": State.ACCEPTED}


@pytest.mark.parametrize("action", [retry, discard])
async def test_only_what_is_chosen_is_touched(world, action):
    await staged(world, "1", "2", "3")
    await settled(world, State.REJECTED, detail="422: no")
    _, lead, _ = sorted(await world.column(tables.lead.c.id))
    assert act(world.store, action, leads=(lead,)).total == 1
    stands = await world.stands()
    assert {key for key, state in stands.items() if state is State.REJECTED} == {"1", "3"}
    assert act(world.store, action, reason="nothing says this").total == 0
    assert act(world.store, action, source="walk_ins").total == 0


async def test_many_leads_are_changed_at_once(world):
    await staged(world, *(str(number) for number in range(2500)))
    assert act(world.store, discard).total == 2500
    assert await payload_count(world) == 0
    query = select(tables.lead.c.state).distinct()
    assert world.store.read_now(lambda connection: list(connection.scalars(query))) == ["discarded"]
