"""The rows of a sheet as they are kept on disk while it is read."""

from __future__ import annotations

import tracemalloc
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from sources._google_sheets.kept_rows import KeptRows

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def kept() -> Iterator[KeptRows]:
    with closing(KeptRows("sheet Leads", None)) as rows:
        yield rows


def test_rows_come_back_as_they_were_and_as_often_as_one_likes(kept: KeptRows) -> None:
    rows: list[list[Any]] = [["Käse\n\u2028", 12345678901234567890, 0.1, True, ""], ["\N{PILE OF POO}"]]
    kept.add(rows[:1])
    kept.add(rows[1:])
    assert list(kept) == rows
    assert next(iter(kept)) == rows[0]
    assert list(kept) == rows


def test_blank_rows_are_kept_between_others_and_not_at_the_end(kept: KeptRows) -> None:
    kept.add([["a"], []])
    kept.add([[], ["b"], []])
    kept.add([[]])
    assert list(kept) == [["a"], [], [], ["b"]]


def test_p9_rows_take_no_memory(kept: KeptRows) -> None:
    row = ["some text" * 100]
    tracemalloc.start()
    try:
        kept.add([row] * 10)
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(100):
            kept.add([row] * 10)
        assert sum(1 for _ in kept) == 1_010
        assert tracemalloc.get_traced_memory()[0] - before < 50_000
    finally:
        tracemalloc.stop()
