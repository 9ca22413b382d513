"""Which records a preview reads: the first, some by key, or those of which something becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from sources.errors import BadRecord
from sync.runtime import sampling
from sync.runtime.sampling import Choice, sample
from tests.scripted_source import ScriptedSource, page, record

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sources.base import Record


def pages(count, size=10):
    """Return a script of numbered records; every seventh is bad in the eyes of `kind_of`."""
    numbers = [range(start, min(start + size, count)) for start in range(0, count, size)]
    return [page(*(record(str(n)) for n in each), last=each.stop == count) for each in numbers]


def kind_of(found):
    return "goes" if int(found.key) % 7 else "invalid"


def keys(found):
    return [each.key for each in found.records]


async def test_the_first_ones():
    source = ScriptedSource(pages(30))
    found = await sample(source, Choice(3), kind_of)
    assert (keys(found), found.read, found.notes) == (["0", "1", "2"], 3, [])
    assert source.requests[0].page_size == 3
    assert source.requests[0].fields is None, "an edit may read other columns"
    assert source.closed == 1


async def test_only_some_are_read_on_for_and_counted():
    found = await sample(ScriptedSource(pages(30)), Choice(3, only="invalid"), kind_of)
    assert (keys(found), found.read) == (["0", "7", "14"], 15)
    assert found.notes == ["3 invalid among the 15 records that were read"]


async def test_reading_on_ends_with_the_source():
    found = await sample(ScriptedSource(pages(30)), Choice(9, only="invalid"), kind_of)
    assert found.notes == ["5 invalid among the 30 records that were read"]


@pytest.mark.parametrize("choice", [Choice(50, only="invalid"), Choice(1, keys=("nobody",))])
async def test_reading_on_has_a_bound_and_says_so(choice, monkeypatch):
    monkeypatch.setattr(sampling, "FURTHEST", 40)
    source = ScriptedSource(pages(1000))
    found = await sample(source, choice, kind_of)
    assert found.read == 40
    assert "reading ends after 40" in found.notes[0]
    assert source.closed == 1


async def test_what_is_no_record_is_among_the_invalid():
    bad = BadRecord("has no key", "row 9")
    script = [page(record("1"), bad=[bad])]
    assert (await sample(ScriptedSource(script), Choice(5), kind_of)).bad == [bad]
    assert (await sample(ScriptedSource(script), Choice(5, only="invalid"), kind_of)).bad == [bad]
    assert (await sample(ScriptedSource(script), Choice(5, only="goes"), kind_of)).bad == []


async def test_keys_are_found_by_reading_and_come_in_the_order_they_were_named():
    found = await sample(ScriptedSource(pages(30)), Choice(5, keys=("12", "3")), kind_of)
    assert (keys(found), found.read, found.notes) == (["12", "3"], 20, [])
    absent = await sample(ScriptedSource(pages(30)), Choice(5, keys=("x", "3")), kind_of)
    assert absent.notes == ["there is no record with the key x among the 30 that were read"]


@dataclass
class Fetching(ScriptedSource):
    """A source that can read single records."""

    fetched: list[str] = field(default_factory=list)

    async def fetch(self, keys: Collection[str]) -> Sequence[Record]:
        self.fetched += keys
        return [record(key) for key in keys if key != "9"]


async def test_keys_are_fetched_where_a_source_can():
    source = Fetching([])
    found = await sample(source, Choice(5, keys=("9", "4")), kind_of)
    assert (keys(found), source.fetched, source.requests) == (["4"], ["9", "4"], [])
    assert found.notes == ["there is no record with the key 9"]
