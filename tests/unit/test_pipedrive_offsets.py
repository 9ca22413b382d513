"""A list that is read by offset while leads in it are changed, deleted and added: none is skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources._pipedrive.api import Found
from sources._pipedrive.offsets import Offsets, Shifted
from sources.http import Answer, Call
from tests.rest_server import NOW

if TYPE_CHECKING:
    from collections.abc import Sequence

ANSWER = Answer(Call("https://api.example.com/v1/leads"), 200, {}, b"")
#: What happens between two requests: a lead is changed, or deleted, or a new one comes.
happenings = st.lists(
    st.lists(
        st.tuples(st.sampled_from(["change", "delete", "add"]), st.integers(0, 30)), min_size=0, max_size=3
    ),
    max_size=12,
)


class Listed:
    """Leads in the order of their change, each as (id, when)."""

    def __init__(self, count: int, happenings: Sequence[Sequence[tuple[str, int]]]) -> None:
        self.leads = [(number, number) for number in range(count)]
        self.deleted: set[int] = set()
        self._happenings = list(happenings)
        self._time = 1_000

    async def ask(self, start: int, limit: int) -> Found:
        page = self.leads[start : start + limit]
        more = len(self.leads) > start + limit
        found = Found([{"id": key, "update_time": at} for key, at in page], ANSWER, NOW, more)
        for what, which in self._happenings.pop(0) if self._happenings else ():
            self._happen(what, which)
        return found

    def _happen(self, what: str, which: int) -> None:
        self._time += 1
        if what == "add":
            self.leads.append((self._time, self._time))
        elif which < len(self.leads):
            key, _ = self.leads.pop(which)
            if what == "change":
                self.leads.append((key, self._time))
            else:
                self.deleted.add(key)


async def read(listed: Listed, size: int) -> list[Any]:
    return [item async for found in Offsets(listed.ask, size).pages() for item in found.items]


@settings(deadline=None, max_examples=300)
@given(count=st.integers(0, 30), size=st.integers(1, 8), happenings=happenings)
async def test_p1_every_lead_that_stays_is_read_or_the_reader_says_that_it_lost_its_place(
    count: int, size: int, happenings: list[list[tuple[str, int]]]
) -> None:
    listed = Listed(count, happenings)
    try:
        got = await read(listed, size)
    except Shifted:
        return
    assert set(range(count)) - listed.deleted <= {item["id"] for item in got}
    marks = [(item["id"], item["update_time"]) for item in got]
    assert len(marks) == len(set(marks))


@pytest.mark.parametrize("size", [1, 2, 7, 500])
async def test_a_list_that_stands_still_is_read_once_in_its_order(size: int) -> None:
    got = await read(Listed(20, []), size)
    assert [item["id"] for item in got] == list(range(20))
