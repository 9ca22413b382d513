"""Long spans of change time, cut up until each holds few enough records."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from sources._crm.spans import Look, Ruler, Span, small_spans

PRESENT = datetime(2026, 3, 4, 12, tzinfo=UTC)
BEGINNING = datetime(2006, 1, 1, tzinfo=UTC)
UNIT = timedelta(milliseconds=1)
RULER = Ruler(BEGINNING, PRESENT, UNIT)

moments = st.one_of(
    st.integers(0, 50).map(lambda n: PRESENT - n * UNIT),
    st.integers(-5, 10_000_000).map(lambda n: PRESENT - timedelta(minutes=n)),
)
bounds = st.one_of(st.none(), moments)


def holds(span: Span, at: datetime) -> bool:
    return (span.since is None or at >= span.since) and (span.until is None or at < span.until)


async def cut(whole: Span, times: list[datetime], most: int) -> list[tuple[Span, list[datetime]]]:
    async def look(span: Span) -> Look[list[datetime]]:
        found = [at for at in times if holds(span, at)]
        return Look(len(found), found)

    return [part async for part in small_spans(whole, RULER, look, most)]


@settings(deadline=None, max_examples=60)
@given(times=st.lists(moments, max_size=60), most=st.integers(1, 10), since=bounds, until=bounds)
async def test_p1_every_record_is_in_exactly_one_part_oldest_first(
    times: list[datetime], most: int, since: datetime | None, until: datetime | None
) -> None:
    whole = Span(since, until)
    parts = await cut(whole, times, most)
    assert parts[0][0].since == since
    assert parts[-1][0].until == until
    assert all(one.until == other.since for (one, _), (other, _) in pairwise(parts))
    assert sorted(at for _, found in parts for at in found) == sorted(at for at in times if holds(whole, at))


@settings(deadline=None, max_examples=60)
@given(times=st.lists(moments, max_size=60), most=st.integers(1, 10))
async def test_a_part_with_more_than_asked_for_cannot_be_cut(times: list[datetime], most: int) -> None:
    for span, found in await cut(Span(), times, most):
        past = sorted({at for at in found if BEGINNING <= at < PRESENT})
        assert len(found) <= most or not past or past[-1] - past[0] < UNIT or RULER.halves(span) is None


async def test_few_records_are_not_looked_at_twice() -> None:
    assert await cut(Span(), [PRESENT], 1) == [(Span(), [PRESENT])]


def test_what_lies_beyond_the_present_is_left_whole() -> None:
    assert RULER.halves(Span(PRESENT, None)) is None
    assert RULER.halves(Span(PRESENT + UNIT, None)) is None
    assert RULER.halves(Span(PRESENT - UNIT, None)) == (Span(PRESENT - UNIT, PRESENT), Span(PRESENT, None))


def test_one_unit_of_time_is_not_cut() -> None:
    assert RULER.halves(Span(PRESENT - UNIT, PRESENT)) is None
    one, other = RULER.halves(Span(PRESENT - 2 * UNIT, PRESENT)) or (None, None)
    assert one == Span(PRESENT - 2 * UNIT, PRESENT - UNIT)
    assert other == Span(PRESENT - UNIT, PRESENT)
