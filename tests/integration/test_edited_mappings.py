"""P5 against sources that give only the columns a mapping reads, as databases and sheets do."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

import pytest

from sync.backfill import Backfill
from sync.events import Counts, Events
from sync.mapping import load_mapping
from sync.states import State
from sync.store import jobs
from sync.store.job_ledger import JobLedger
from sync.store.source_ledger import MappingText
from sync.wishes import SendAgain
from tests.engine_world import read_back
from tests.scripted_source import ScriptedTable, at

if TYPE_CHECKING:
    from pathlib import Path

    from sync.store.store import Store
    from tests.engine_world import World

BASE = """
lead:
  firstName: name
  phoneNumber: phone
custom:
  town: town
"""
NARROWER = BASE.replace("custom:\n  town: town\n", "")
ELSEWHERE = BASE.replace("town: town", "town: city")
WHOLE = BASE.replace("town: town", "town: \"{{ record['to' ~ 'wn'] }}\"")


@pytest.fixture
def table(world: World) -> ScriptedTable:
    """A table of three leads, all of them accepted, that is read again whole in each poll."""
    assert isinstance(world.source, ScriptedTable)
    world.source.selects = True
    world.lookback = timedelta(days=1)
    world.edit(BASE)
    for number, name in enumerate(("Ada", "Bea", "Cyd")):
        world.source.put(str(number), name, at(number), town="Rome", city="Roma")
    return world.source


@pytest.mark.parametrize("edited", [NARROWER, ELSEWHERE, WHOLE])
async def test_p5_a_column_that_is_read_no_more_sends_nothing(
    world: World, table: ScriptedTable, edited: str
) -> None:
    await world.sync()
    assert len(await world.deliver()) == 3
    world.edit(edited)
    result = await world.sync()
    assert (result.counts.unchanged, result.counts.staged) == (3, 0)
    assert table.wanted is None or "town" in table.wanted
    assert await world.deliver() == []


async def test_p5_and_back_again_sends_nothing(world: World, table: ScriptedTable) -> None:
    for mapping in (BASE, WHOLE, ELSEWHERE, BASE):
        world.edit(mapping)
        await world.sync()
    assert len(await world.deliver()) == 3


async def test_what_really_changed_together_with_an_edit_is_sent(world: World, table: ScriptedTable) -> None:
    await world.sync()
    await world.deliver()
    world.edit(ELSEWHERE)
    table.put("1", "Eva", at(9), town="Rome", city="Roma")
    table.put("2", "Cyd", at(9), town="Oslo", city="Roma")
    assert (await world.sync()).counts.changed == 2
    assert sorted(await world.deliver()) == [("1", "Eva"), ("2", "Cyd")]


async def test_once_all_are_compared_anew_only_the_mapping_s_columns_are_read(
    world: World, table: ScriptedTable
) -> None:
    await world.sync()
    await world.deliver()
    world.edit(NARROWER)
    await world.sync()
    assert table.wanted == {"name", "phone", "town"}
    await world.sync()
    assert table.wanted == {"name", "phone"}


async def again(world: World, store: Store, wish: SendAgain) -> int:
    """Send again what is wished for; returns how many leads were staged."""
    job = await store.write(
        lambda connection: jobs.begin_or_resume(connection, world.scope, wish.request(), None, 0)
    )
    counts = Counts()
    mapping = MappingText(world.mapping.hash, world.mapping.text, read_back)
    ledger = JobLedger(store, world.scope, mapping, job.id, counts)
    result = await Backfill(world.plan(), wish, ledger, Events([]), counts).run()
    assert result.error is None
    assert result.all_read
    await world.deliver()
    await store.write(lambda connection: jobs.finish_delivered(connection, world.scope.endpoint, 1))
    return result.counts.staged


@pytest.mark.parametrize("synced", [False, True])
async def test_send_again_sends_just_what_an_edit_made_others_and_once(
    world: World, store: Store, table: ScriptedTable, synced: bool
) -> None:
    table.put("1", "Bea", at(1), town="Rome", city="Rome")  # the one that the edit leaves as it is
    await world.sync()
    await world.deliver()
    world.edit(ELSEWHERE)
    if synced:
        await world.sync()
    world.sent.clear()
    assert await again(world, store, SendAgain(edited=True)) == 2
    assert sorted(world.sent) == [("0", "Ada"), ("2", "Cyd")]
    assert await again(world, store, SendAgain(edited=True)) == 0
    assert (await world.sync()).counts.staged == 0
    assert await world.stands() == dict.fromkeys("012", State.ACCEPTED)


async def test_p2_send_again_leaves_a_record_that_changed_to_the_next_sync(
    world: World, store: Store, table: ScriptedTable
) -> None:
    await world.sync()
    await world.deliver()
    world.edit(ELSEWHERE)
    table.put("1", "Eva", at(9), town="Rome", city="Roma")
    world.sent.clear()
    assert await again(world, store, SendAgain(edited=True)) == 2
    await world.sync()
    await world.deliver()
    assert world.sent == [("0", "Ada"), ("2", "Cyd"), ("1", "Eva")]


async def test_what_is_listed_in_ignore_changes_is_no_edit_to_send(
    world: World, store: Store, table: ScriptedTable
) -> None:
    world.edit(BASE + "ignore_changes: [town]\n")
    await world.sync()
    await world.deliver()
    world.edit(ELSEWHERE + "ignore_changes: [town]\n")
    assert await again(world, store, SendAgain(edited=True)) == 0


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("towns.csv", "code,name\nRome,Roma Capitale\n"),
        ("shared.yaml", "custom:\n  town: { from: city, lookup: towns }\n  campaign: { value: autumn }\n"),
    ],
)
async def test_p5_an_edited_lookup_or_fragment_sends_nothing_until_it_is_asked_for(
    world: World, store: Store, table: ScriptedTable, tmp_path: Path, file: str, text: str
) -> None:
    lookup = "{ file: towns.csv, key: code, value: name }"
    shared = f"custom:\n  town: {{ from: town, lookup: {lookup} }}\n  campaign: {{ value: spring }}\n"
    (tmp_path / "towns.csv").write_text("code,name\nRome,Roma\n", encoding="utf-8")
    (tmp_path / "shared.yaml").write_text(shared, encoding="utf-8")
    path = tmp_path / "crm.yaml"
    path.write_text(f"include: shared.yaml\n{NARROWER}", encoding="utf-8")
    world.mapping = before = load_mapping(path, timezone=UTC)
    await world.sync()
    await world.deliver()
    (tmp_path / file).write_text(text.replace("lookup: towns", f"lookup: {lookup}"), encoding="utf-8")
    world.mapping = load_mapping(path, timezone=UTC)
    assert world.mapping.hash != before.hash
    result = await world.sync()
    assert (result.counts.unchanged, result.counts.staged) == (3, 0)
    assert await world.deliver() == []
    assert await again(world, store, SendAgain(edited=True)) == 3
    assert (await world.sync()).counts.staged == 0
