"""The keys of one poll: the first sighting stays, and memory stays flat."""

from __future__ import annotations

import tracemalloc

import pytest

from sources.errors import Unavailable
from sync.seen import SeenKeys, Sighting
from tests.scripted_source import at


def _sighting(key: str, place: str = "row 1") -> Sighting:
    return Sighting(key, key.encode(), at(1), place)


@pytest.fixture
def seen():
    keys = SeenKeys()
    yield keys
    keys.close()


def test_new_keys_were_not_there(seen: SeenKeys) -> None:
    assert seen.meet([_sighting("a"), _sighting("b")]) == {}
    assert seen.meet([_sighting("c")]) == {}
    assert seen.meet([]) == {}


def test_the_first_sighting_stays(seen: SeenKeys) -> None:
    seen.meet([_sighting("a", "row 1"), _sighting("b", "row 2")])
    assert seen.meet([_sighting("a", "row 7"), _sighting("c", "row 8")]) == {"a": _sighting("a", "row 1")}
    assert seen.meet([_sighting("a", "row 9"), _sighting("c", "row 9")]) == {
        "a": _sighting("a", "row 1"),
        "c": _sighting("c", "row 8"),
    }


def test_an_equal_sighting_counts_as_one_there_was(seen: SeenKeys) -> None:
    seen.meet([_sighting("a")])
    assert seen.meet([_sighting("a")]) == {"a": _sighting("a")}


def test_many_at_once(seen: SeenKeys) -> None:
    many = [_sighting(str(number)) for number in range(5000)]
    assert seen.meet(many) == {}
    assert len(seen.meet(many)) == 5000


def test_closing_without_use_and_twice_is_fine() -> None:
    keys = SeenKeys()
    keys.close()
    keys.close()


def test_a_temporary_file_that_can_t_be_written_is_said(seen: SeenKeys) -> None:
    seen.meet([_sighting("a")])
    with seen._kept.opened() as database:
        database.execute("PRAGMA max_page_count=1")
    with pytest.raises(Unavailable, match=r"can't be kept in a temporary file .* TMPDIR names another"):
        seen.meet([_sighting(f"{number} {'x' * 500}") for number in range(1000)])


def test_p9_memory_does_not_grow_with_the_keys(seen: SeenKeys) -> None:
    def meet(first: int) -> int:
        for start in range(first, first + 20_000, 500):
            seen.meet([_sighting(str(number)) for number in range(start, start + 500)])
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    before = meet(0)
    after = meet(20_000)
    tracemalloc.stop()
    assert after - before < 100_000
    with seen._kept.opened() as database:
        assert database.execute("PRAGMA cache_size").fetchone() == (-2000,), (
            "and what SQLite holds is bounded"
        )
