"""JSON APIs that misbehave, behind the real `rest` adapter."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.rest_server import NOW, FakeClock, Reply, serving, source
from tests.torture.scene import PHONE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.rest_server import Asked
    from tests.torture.scene import PagedWorld, Scene

CURSOR = {"records": "data", "paging": {"type": "cursor", "cursor": "next", "param": "cursor"}}
BY_POSITION = {"changed": "at", "since": {"param": "since"}}


def row(key: Any, name: Any = "Ada", **more: Any) -> dict[str, Any]:
    """Return a record of the API."""
    return {"id": key, "name": name, "phone": PHONE, **more}


@asynccontextmanager
async def reading(
    scene: Scene, answer: Callable[[Asked], Any], clock: FakeClock | None = None, **said: Any
) -> AsyncIterator[PagedWorld]:
    """Read an API that answers so."""
    first_sync = said.pop("first_sync", "everything")
    async with serving(answer) as api, source(api.url(), clock, **said) as rest:
        yield scene.world(rest, first_sync=first_sync)


async def the_same_page_for_ever(scene: Scene) -> None:
    answers: list[Any] = [{"data": [row(1), row(2)], "next": "again"}]
    async with reading(scene, lambda asked: answers[-1], **CURSOR) as world:
        await scene.poll(world, fails="the same")
        answers.append({"data": [row(1), row(2), row(3)]})
        await scene.poll(world)
        scene.expect(world, {"1": "Ada", "2": "Ada", "3": "Ada"})


async def the_same_records_under_a_new_cursor_for_ever(scene: Scene) -> None:
    asked_for: list[int] = []

    def answer(asked: Asked) -> Any:
        asked_for.append(1)
        return {"data": [row(1), row(2)], "next": f"c{len(asked_for)}"}

    said = {"records": "data", "paging": {**CURSOR["paging"], "max_pages": 40}}  # type: ignore[dict-item]  # a literal
    async with reading(scene, answer, **said) as world:
        await scene.poll(world, fails="")
        assert len(asked_for) <= 41
        scene.expect(world, {"1": "Ada", "2": "Ada"})


async def nothing_under_a_new_cursor_for_ever(scene: Scene) -> None:
    asked_for: list[int] = []

    def answer(asked: Asked) -> Any:
        asked_for.append(1)
        return {"data": [], "next": f"c{len(asked_for)}"}

    said = {"records": "data", "paging": {**CURSOR["paging"], "max_pages": 40}}  # type: ignore[dict-item]  # a literal
    async with reading(scene, answer, **said) as world:
        await scene.poll(world, fails="")
        assert len(asked_for) <= 41
        scene.expect(world, {})


async def a_page_cut_in_the_middle(scene: Scene) -> None:
    whole = b'{"data": [{"id": 1, "name": "Ada", "phone": "212-555-0142"}, {"id": 2, "name": "Bea"}]}'
    cut = scene.random.randrange(1, len(whole) - 1)
    first = {"data": [row(7, "Eve")], "next": "second"}
    bodies = [Reply(body=whole[:cut]), Reply(body=whole, missing=50), Reply(body=whole[: len(whole) // 2])]
    state: dict[str, Any] = {"second": bodies[0]}

    def answer(asked: Asked) -> Any:
        return state["second"] if asked.query.get("cursor") else first

    async with reading(scene, answer, **CURSOR) as world:
        for each in bodies:
            state["second"] = each
            await scene.poll(world, fails="")
        scene.expect(world, {"7": "Eve"})
        state["second"] = {"data": [row(1), row(2, "Bea")]}
        await scene.poll(world)
        await scene.poll(world)
        scene.expect(world, {"7": "Eve", "1": "Ada", "2": "Bea"})


async def a_server_that_hangs_and_comes_back(scene: Scene) -> None:
    state: dict[str, Any] = {"reply": Reply([row(1)], delay=0.3)}
    async with reading(scene, lambda asked: state["reply"], timeout="50ms") as world:
        await scene.poll(world, fails="no answer within")
        state["reply"] = [row(1)]
        await scene.poll(world)
        scene.expect(world, {"1": "Ada"})


async def keys_of_every_type(scene: Scene) -> None:
    kinds: list[Any] = [7, "7", 7.0, "7 ", 7]
    state: dict[str, Any] = {"key": 7}
    async with reading(scene, lambda asked: [row(state["key"]), row(None, "Nul"), row("", "Emp")]) as world:
        for key in kinds:
            state["key"] = key
            scene.fault()
            await scene.poll(world)
        scene.expect(world, {"7": "Ada"})
    stands = await world.stands()
    assert len(stands) == 3, f"records without a key stand nowhere: {stands}"


async def duplicates_within_a_page_and_across_pages(scene: Scene) -> None:
    first = {"data": [row(1), row(1, "Bea"), row(2)], "next": "x"}
    pages = {"": first, "x": {"data": [row(2, "Cia"), row(3)]}}
    async with reading(scene, lambda asked: pages[asked.query.get("cursor", "")], **CURSOR) as world:
        scene.fault(2)
        await scene.poll(world)
        result = await scene.poll(world)
        assert result.counts.staged == 0
        scene.expect(world, {"1": "Ada", "2": "Ada", "3": "Ada"})


async def values_of_every_type(scene: Scene) -> None:
    odd: list[Any] = [7, 7.5, True, {"first": "Ada"}, ["Ada"], None, "Ada", "", "\u0000", "Ada" * 3000]
    state: dict[str, Any] = {"name": "Ada"}
    async with reading(scene, lambda asked: [row(1, state["name"]), row(2)]) as world:
        for name in odd:
            state["name"] = name
            scene.fault()
            await scene.poll(world)
        state["name"] = "Eve"
        await scene.poll(world)
        stands = await world.stands()
        newest = dict(world.sent)
        assert newest == {"1": "Eve", "2": "Ada"}, f"{newest}, {stands}"
        scene.tally.leads += 2


async def a_source_whose_clock_is_wrong(scene: Scene) -> None:
    for hours in (-7, -1, 1, 9):
        server = NOW + timedelta(hours=hours)
        old = row(1, at=(server - timedelta(hours=2)).isoformat())
        state = {"rows": [old], "date": server}

        def answer(asked: Asked, state: dict[str, Any] = state) -> Reply:
            since = asked.query.get("since")
            wanted = [r for r in state["rows"] if since is None or _time(r["at"]) >= _time(since)]
            return Reply(wanted, date=state["date"])

        async with reading(scene, answer, first_sync="now", **BY_POSITION) as world:
            await scene.poll(world)
            scene.expect(world, {})
            for number in (2, 3):
                state["date"] += timedelta(minutes=1)
                state["rows"].append(row(number, at=state["date"].isoformat()))
                await scene.poll(world)
            scene.fault()
            scene.expect(world, {"2": "Ada", "3": "Ada"})


async def a_record_of_the_year_2099(scene: Scene) -> None:
    far = datetime(2099, 1, 1, tzinfo=UTC)
    rows = [row(1, at=(NOW - timedelta(hours=1)).isoformat()), row(2, at=far.isoformat())]
    state: dict[str, Any] = {"rows": rows, "date": NOW}

    def answer(asked: Asked) -> Reply:
        since = asked.query.get("since")
        wanted = [r for r in state["rows"] if since is None or _time(r["at"]) >= _time(since)]
        return Reply(wanted, date=state["date"])

    async with reading(scene, answer, **BY_POSITION) as world:
        await scene.poll(world)
        for number in (3, 4):
            state["date"] += timedelta(minutes=30)
            state["rows"].append(row(number, at=state["date"].isoformat()))
            scene.fault()
            await scene.poll(world)
        scene.expect(world, dict.fromkeys("1234", "Ada"))


async def a_huge_value(scene: Scene) -> None:
    huge = "x" * scene.largest
    async with reading(scene, lambda asked: [row(1), row(2, "Bea", note=huge), row(3, huge)]) as world:
        scene.fault(2)
        result = await world.sync()
        await world.deliver()
        assert result.error is None or "MB" in result.error or "large" in result.error, result.error[:500]
        if result.error is None:
            assert {"1", "2"} <= {key for key, _ in world.sent}


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


CASES = (
    the_same_page_for_ever,
    the_same_records_under_a_new_cursor_for_ever,
    nothing_under_a_new_cursor_for_ever,
    a_page_cut_in_the_middle,
    a_server_that_hangs_and_comes_back,
    keys_of_every_type,
    duplicates_within_a_page_and_across_pages,
    values_of_every_type,
    a_source_whose_clock_is_wrong,
    a_record_of_the_year_2099,
    a_huge_value,
)
