"""Where a source that was never polled begins, and what is taken over."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from sources.base import Record
from sources.errors import BadConfig
from sources.position import Position
from sync.first_sync import Start, begin, moment
from sync.lead import Invalid, Lead, Skip
from tests.scripted_source import ScriptedSource, ScriptedTable, at, record

HOUR = timedelta(hours=1)
LEAD = Lead({"phoneNumber": "8045550100"})


def _table() -> ScriptedTable:
    table = ScriptedTable()
    table.put("7", "Ada", at(0))
    return table


async def test_p5_now_begins_at_the_source_s_own_newest_less_the_lookback() -> None:
    start = await begin("now", _table(), HOUR)
    assert start.position == Position(at(-3600))
    adopts = start.adopts()
    assert adopts is not None
    assert [adopts(record("x", changed=at(n)), LEAD) for n in (-1, 0, 1)] == [True, True, False]


@pytest.mark.parametrize("source", [ScriptedTable(), ScriptedSource([])], ids=["empty", "read whole"])
async def test_p5_now_adopts_all_where_there_is_no_newest(source: ScriptedTable | ScriptedSource) -> None:
    start = await begin("now", source, HOUR)
    adopts = start.adopts()
    assert start.position is None
    assert adopts is not None
    assert adopts(record("x", changed=at(10**6)), LEAD)


async def test_a_date_begins_there_less_the_lookback() -> None:
    start = await begin(at(100), _table(), HOUR)
    adopts = start.adopts()
    assert start.position == Position(at(-3500))
    assert adopts is not None
    assert [adopts(record("x", changed=at(n)), LEAD) for n in (99, 100, 101)] == [True, False, False]


async def test_a_date_for_a_source_that_is_read_whole_begins_at_its_beginning() -> None:
    assert (await begin(at(100), ScriptedSource([]), HOUR)).position is None


async def test_a_date_wants_times() -> None:
    table = _table()
    table.rows["7"] = Record("7", {}, 17)
    with pytest.raises(BadConfig, match="a date needs a source whose cursor is a timestamp"):
        await begin(at(100), table, HOUR)


async def test_everything_adopts_nothing_and_is_asked_for() -> None:
    start = await begin("everything", _table(), HOUR)
    assert (start.position, start.asked, start.adopts()) == (None, True, None)


@pytest.mark.parametrize("first_sync", ["now", "everything", at(100)])
async def test_p1_what_the_store_keeps_of_it_is_all_of_it(first_sync) -> None:
    start = await begin(first_sync, _table(), HOUR)
    again = Start(start.position, json.loads(json.dumps(start.plan)))
    assert again.asked is start.asked
    for second in (-1, 0, 1, 99, 100, 101):
        one, other = start.adopts(), again.adopts()
        changed = record("x", changed=at(second))
        assert (one and one(changed, LEAD)) == (other and other(changed, LEAD))


def test_when_a_record_changed() -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    lead = Lead({"createdAt": "2026-03-01T12:00:00+0000"})
    assert moment(record("x", changed=at(5)), lead) == at(5)
    assert moment(record("x"), lead) == noon
    assert moment(record("x"), Lead({"updatedAt": "2026-03-01T12:00:00+0000", "createdAt": "x"})) == noon
    assert moment(record("x"), LEAD) is None
    assert moment(record("x"), Skip("where")) is None
    assert moment(record("x"), Invalid(())) is None


@pytest.mark.parametrize("until", [Position(17), Position("m")])
def test_p5_what_can_t_be_told_is_not_sent(until: Position) -> None:
    adopts = Start(None, {"until": until.to_json(), "inclusive": True}).adopts()
    assert adopts is not None
    assert adopts(record("x", changed=at(5)), LEAD)
    assert adopts(record("x"), LEAD)


@pytest.mark.parametrize(("until", "older", "newer"), [(Position(17), 16, 18), (Position("m"), "a", "z")])
def test_cursors_that_are_no_times_are_compared_with_their_like(until: Position, older, newer) -> None:
    adopts = Start(None, {"until": until.to_json(), "inclusive": True}).adopts()
    assert adopts is not None
    assert adopts(record("x", changed=older), LEAD)
    assert not adopts(record("x", changed=newer), LEAD)
