"""What becomes of a page's items before they are compared."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sources.base import Page, Record
from sources.errors import BadRecord
from sources.position import Position
from sync.screening import SYNTHETIC, Screening
from tests.engine_world import MAPPING, mapping_of
from tests.scripted_source import at, page, record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.screening import Screened

BY_POSITION = Position(at(9), ("9",))
SNAPSHOT = Position(token="1")


@pytest.fixture
def screening() -> Iterator[Screening]:
    opened = Screening(mapping_of(MAPPING))
    yield opened
    opened.close()


def _reasons(screened: Screened) -> list[str]:
    return [item.reason for item in screened.set_aside.values()]


def test_records_come_with_their_digests(screening: Screening) -> None:
    found = screening.sort(page(record("1"), record("2", "Bea"), position=BY_POSITION))
    assert list(found.records) == ["1", "2"]
    assert found.records["1"][1] == mapping_of(MAPPING).record_digest(record("1"))


@pytest.mark.parametrize("position", [BY_POSITION, SNAPSHOT, None])
def test_two_records_of_one_page_with_one_key(screening: Screening, position: Position | None) -> None:
    twice = [record("1", "Ada", at(1)), replace(record("1", "Bea", at(2)), where="row 7")]
    found = screening.sort(page(*twice, position=position))
    assert [kept.fields["name"] for kept, _ in found.records.values()] == ["Ada"]
    assert _reasons(found) == ["row 7 has the same key as row 1"]
    assert [key.startswith(SYNTHETIC) for key in found.set_aside] == [True]


@pytest.mark.parametrize(("position", "repeated"), [(BY_POSITION, 1), (SNAPSHOT, 0)])
def test_the_same_content_twice_is_harmless_only_where_reads_overlap(
    screening: Screening, position: Position, repeated: int
) -> None:
    screening.sort(page(record("1"), position=position, last=False))
    found = screening.sort(page(record("1"), position=position))
    assert (found.repeated, len(found.set_aside)) == (repeated, 1 - repeated)
    assert not found.records


def test_what_changed_between_two_pages_is_no_duplicate(screening: Screening) -> None:
    screening.sort(page(record("1", "Ada", at(1)), position=BY_POSITION, last=False))
    found = screening.sort(page(record("1", "Bea", at(2)), position=BY_POSITION))
    assert list(found.records) == ["1"]
    older = screening.sort(page(record("1", "Cia", at(0)), position=BY_POSITION))
    assert len(older.set_aside) == 1


@pytest.mark.parametrize(("by_change", "kept"), [(True, ["1"]), (False, [])])
def test_what_changed_is_no_duplicate_on_a_page_without_a_position_either(
    *, by_change: bool, kept: list[str]
) -> None:
    with closing(Screening(mapping_of(MAPPING), by_change=by_change)) as opened:
        opened.sort(page(record("1", "Ada", at(1)), last=False))
        found = opened.sort(page(record("1", "Bea", at(2)), last=False))
        assert (list(found.records), len(found.set_aside)) == (kept, 1 - len(kept))
        untimed = [opened.sort(page(record("2"), last=False)) for _ in range(2)]
        assert [len(each.set_aside) for each in untimed] == [0, 1]


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("", "it has no key"),
        ("a\0b", "its key holds characters that are no text"),
        ("a\ud800", "its key holds characters that are no text"),
        ("x" * 1025, "its key is 1,025 bytes long; the longest that can be kept has 1,024"),
        ("ä" * 513, "its key is 1,026 bytes long; the longest that can be kept has 1,024"),
    ],
)
def test_p6_a_key_that_can_t_be_kept(screening: Screening, key: str, reason: str) -> None:
    found = screening.sort(page(Record(key, {"name": "Ada"}), record("1"), position=BY_POSITION))
    assert list(found.records) == ["1"]
    assert _reasons(found) == [reason]


def test_the_longest_key_is_kept(screening: Screening) -> None:
    assert list(screening.sort(page(record("x" * 1024), position=BY_POSITION)).records) == ["x" * 1024]


def test_items_without_a_key_are_told_apart_by_what_they_hold(screening: Screening) -> None:
    bad = [
        BadRecord("has no key", f"row {n}", {"name": name})
        for n, name in ((2, "Ada"), (3, "Bea"), (4, "Ada"))
    ]
    found = screening.sort(Page([], SNAPSHOT, last=True, bad=bad))
    assert _reasons(found) == ["row 4: has no key", "row 3: has no key"]


def test_items_that_are_set_aside_are_remembered_up_to_a_number(screening: Screening) -> None:
    bad = [BadRecord("has no key", f"row {n}") for n in range(10_001)]
    screening.sort(Page([], SNAPSHOT, last=False, bad=bad[:5]))
    assert screening.set_aside is not None
    assert len(screening.set_aside) == 5
    screening.sort(Page([], SNAPSHOT, last=True, bad=bad))
    assert screening.set_aside is None


def test_p6_a_file_name_that_is_no_text_harms_nobody(screening: Screening) -> None:
    twice = [replace(record("1"), where="\udcff.csv, row 2"), replace(record("1"), where="\udcff.csv, row 3")]
    found = screening.sort(page(*twice, position=SNAPSHOT))
    assert list(found.records) == ["1"]
    assert all(key.encode() for key in found.set_aside)
