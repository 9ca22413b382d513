"""What one poll has given: known again while it is as it was, in memory that stays flat."""

from __future__ import annotations

import tracemalloc
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from sources._marks import Marks
from sources.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def marks() -> Iterator[Marks]:
    with closing(Marks()) as opened:
        yield opened


def test_a_key_is_news_once_for_each_state_of_its_record(marks: Marks) -> None:
    given = [("a", b"1"), ("b", b"1"), ("a", b"1"), ("a", b"2"), ("a", b"2"), ("a", b"1"), ("b", b"1")]
    assert [marks.put(*each) for each in given] == [True, True, False, True, False, True, False]
    assert len(marks) == 2


def test_without_marks_keys_are_counted(marks: Marks) -> None:
    assert len(marks) == 0
    assert [marks.put(key) for key in ("a", "b", "a")] == [True, True, False]
    assert len(marks) == 2


def test_closing_without_use_and_twice_is_fine() -> None:
    marks = Marks()
    marks.close()
    marks.close()


def test_a_temporary_file_that_can_t_be_written_is_said(marks: Marks) -> None:
    marks.put("a")
    with marks._kept.opened() as database:
        database.execute("PRAGMA max_page_count=1")
    with pytest.raises(Unavailable, match=r"can't be kept in a temporary file .* TMPDIR names another"):
        all(marks.put(f"{number} {'x' * 500}") for number in range(100))


def test_p9_memory_does_not_grow_with_the_keys(marks: Marks) -> None:
    def put(first: int) -> int:
        for number in range(first, first + 2_000):
            marks.put(f"rec{number:014}", b"0123456789abcdef")
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = put(0)
        after = put(2_000)
    finally:
        tracemalloc.stop()
    assert after - before < 10_000
    with marks._kept.opened() as database:
        assert database.execute("PRAGMA cache_size").fetchone() == (-2000,), (
            "and what SQLite holds is bounded"
        )
