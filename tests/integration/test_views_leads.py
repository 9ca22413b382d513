"""What `leads` and ids mean, and what `trace` finds."""

from __future__ import annotations

import pytest

from sync.states import Lane, State
from sync.store.ledger import Scope
from sync.store.views.exporting import ledger_after
from sync.store.views.leads import count_leads, list_leads
from sync.store.views.positions import is_known, read_positions
from sync.store.views.selection import LEAD_STATES, Selection, find_leads
from sync.store.views.trace import trace
from tests.scripted_source import ScriptedTable, at, record
from tests.store_scene import PRIVATE, fill, world_in


def listed(store, limit=100, after=None, **chosen):
    rows = store.read_now(lambda connection: list_leads(connection, Selection(**chosen), limit, after))
    return [(row.id, row.state.value) for row in rows]


def traced(store, text):
    return store.read_now(lambda connection: trace(connection, text, store.digest_key))


async def test_what_is_on_its_way_or_stuck_is_listed(store):
    await fill(store)
    assert listed(store) == [
        ("crm:1", "held"),
        ("crm:2", "rejected"),
        ("crm:3", "invalid"),
        ("crm:5", "unknown"),
        ("crm:6", "pending"),
        ("crm:7", "held"),
        ("crm:8", "held"),
    ]


async def test_states_sources_and_reasons_narrow_it_down(store):
    await fill(store)
    assert listed(store, states=(State.REJECTED,)) == [("crm:2", "rejected")]
    assert listed(store, states=LEAD_STATES) == [("crm:4", "skipped")]
    assert listed(store, states=(State.SKIPPED, State.REJECTED)) == [
        ("crm:2", "rejected"),
        ("crm:4", "skipped"),
    ]
    assert listed(store, reason="MAX_SENDS") == [("crm:1", "held"), ("crm:7", "held"), ("crm:8", "held")]
    assert listed(store, reason="100%") == []
    assert listed(store, source="walk_ins") == []


async def test_a_list_goes_on_where_it_ended(store):
    await fill(store)
    chosen = Selection(states=(*Selection().states, State.SKIPPED))
    pages, after = [], None
    for _ in range(4):
        rows = store.read_now(lambda connection, place=after: list_leads(connection, chosen, 2, place))
        pages.append([row.key for row in rows])
        after = rows[-1].cursor
    assert pages == [["1", "2"], ["3", "4"], ["5", "6"], ["7", "8"]]


async def test_a_place_that_is_none_is_refused(store):
    with pytest.raises(ValueError, match=r"120\.345"):
        listed(store, after="here")


async def test_counts_agree_with_the_list(store):
    await fill(store)
    chosen = Selection(states=(*Selection().states, *LEAD_STATES))
    counts = store.read_now(lambda connection: count_leads(connection, chosen))
    assert counts == {
        State.HELD: 3,
        State.REJECTED: 1,
        State.INVALID: 1,
        State.UNKNOWN: 1,
        State.PENDING: 1,
        State.SKIPPED: 1,
    }


async def test_an_id_is_a_key_or_a_source_and_a_key(store):
    await fill(store)
    other = world_in(store, "walk_ins")
    assert isinstance(other.source, ScriptedTable)
    other.source.rows = {key: record(key, changed=at(1)) for key in ("1", "crm:1", "a|b")}
    await other.store.acquire("source:walk_ins")
    await other.run().run()
    await other.store.release("source:walk_ins")

    def names(text):
        return [str(each) for each in store.read_now(lambda connection: find_leads(connection, text))]

    assert names("2") == ["crm:2"]
    assert names("1") == ["crm:1", "walk_ins:1"]
    assert names("walk_ins:1") == ["walk_ins:1"]
    assert names("crm:1") == ["crm:1", "walk_ins:crm:1"]
    assert names("a|b") == ["walk_ins:a|b"]
    assert names(" ") == names("nothing") == names("crm:99") == []


async def test_a_trace_tells_the_whole_story_in_order(store):
    await fill(store)
    (found,) = traced(store, "crm:1")
    assert (found.state, found.reason) == (State.HELD, "3 leads would be sent, and max_sends is 2/h")
    assert found.changed == at(60)
    first, second = found.versions
    assert (first.state, first.run_kind, first.run_id, first.lane) == (State.ACCEPTED, "sync", 1, Lane.LIVE)
    assert [(each.outcome, each.status, each.seconds) for each in first.attempts] == [("accepted", 200, 0.12)]
    assert (first.changed, second.changed) == (None, ("custom.plan",))
    assert first.mapping == second.mapping
    assert (second.state, second.attempts) == (State.HELD, ())


async def test_a_lead_that_was_never_to_be_sent_has_a_trace(store):
    await fill(store)
    (found,) = traced(store, "4")
    assert (found.state, found.versions) == (State.SKIPPED, ())
    assert "where" in found.reason


@pytest.mark.parametrize("text", ["(804) 555-0102", "804.555.0102", "+1 804 555 0102", "8045550102"])
async def test_p10_a_phone_finds_its_leads_by_digest(store, text):
    await fill(store)
    assert [found.lead.key for found in traced(store, text)] == ["2", "5", "7", "8"]


@pytest.mark.parametrize("text", ["ada@example.com", "ADA@EXAMPLE.COM", "Ada <ada@example.com>"])
async def test_p10_an_email_finds_its_leads_by_digest(store, text):
    await fill(store)
    assert [found.lead.key for found in traced(store, text)] == ["1"]


async def test_a_phone_of_a_region_that_a_mapping_names_is_found(store):
    world = world_in(store)
    world.edit("lead:\n  phoneNumber: { from: phone, region: GB }\n")
    world.source.rows["1"] = record("1", changed=at(1), phone="020 7946 0000")
    await world.sync()
    assert [found.lead.key for found in traced(store, "(020) 7946 0000")] == ["1"]
    assert [found.lead.key for found in traced(store, "+44 20 7946 0000")] == ["1"]


async def test_nothing_is_found_by_what_nobody_has(store):
    await fill(store)
    for text in ("(804) 555-0199", "nobody@example.com", "99", "not @ nothing"):
        assert traced(store, text) == []


async def test_the_ledger_is_exported_in_pages(store):
    await fill(store)
    rows = store.read_now(lambda connection: ledger_after(connection, 0, 3))
    rest = store.read_now(lambda connection: ledger_after(connection, rows[-1]["id"], 100, "crm"))
    assert [row["key"] for row in [*rows, *rest]] == [str(number) for number in range(1, 9)]
    assert rows[0]["accepted_at"] == store.clock()
    assert rows[0]["state"] == "held"
    assert store.read_now(lambda connection: ledger_after(connection, 0, 3, "walk_ins")) == []


async def test_p10_no_view_holds_anything_personal(store):
    await fill(store)
    chosen = Selection(states=(*Selection().states, *LEAD_STATES))
    seen = [
        store.read_now(lambda connection: list_leads(connection, chosen, 100)),
        traced(store, "ada@example.com"),
        store.read_now(lambda connection: ledger_after(connection, 0, 100)),
    ]
    assert [word for word in PRIVATE if word in repr(seen)] == []


async def test_positions_are_shown_with_what_is_known(store):
    world = await fill(store)
    (crm,) = store.read_now(read_positions)
    assert (crm.source, crm.endpoint) == (world.scope.source, world.scope.endpoint)
    assert crm.position == {"time": at(61).isoformat(), "key": ["8"]}
    assert crm.leads == {"held": 3, "invalid": 1, "pending": 1, "rejected": 1, "skipped": 1, "unknown": 1}
    assert store.read_now(lambda connection: read_positions(connection, "walk_ins")) == []


async def test_a_source_is_known_by_what_it_left_behind(store):
    await fill(store)
    assert store.read_now(lambda connection: is_known(connection, "crm"))
    assert not store.read_now(lambda connection: is_known(connection, "walk_ins"))
    assert Scope("default", "crm") == world_in(store).scope
