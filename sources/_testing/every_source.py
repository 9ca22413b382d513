"""What holds for every source."""

# ruff: noqa: S101 - a conformance suite asserts
from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from sources._testing.reading import (
    PAGE_SIZE,
    names_of,
    opened,
    poll,
    present,
    reached,
    records_of,
    through_json,
)
from sources._testing.refusing import refused
from sources._testing.rig import Rig, gives_away, leads
from sources.base import FetchesByKey, KnowsFields, PollRequest, Source, SourceSettings
from sources.keys import canonical_key

_MANY = 3 * PAGE_SIZE + 1


class EverySource:
    """Tests of `Source` and of the optional protocols that any source may have."""

    @pytest.fixture
    def rig(self) -> Rig:
        """Override this: an empty system to read from. See `sources.testing.Rig`."""
        pytest.fail("override the fixture `rig` with your own system of leads: see sources.testing.Rig")

    async def test_it_has_what_an_adapter_has(self, rig: Rig) -> None:
        async with opened(rig) as source:
            assert isinstance(source, Source)
            assert source.name
            assert source.name == source.name.strip().lower()
            assert issubclass(source.Settings, SourceSettings)

    async def test_every_setting_is_described_and_an_unknown_one_refused(self, rig: Rig) -> None:
        async with opened(rig) as source:
            settings = source.Settings
            silent = [name for name, field in settings.model_fields.items() if not field.description]
            assert silent == []
            assert settings.model_config.get("extra") == "forbid"
            assert settings.model_config.get("frozen") is True

    async def test_all_records_are_read_once(self, rig: Rig) -> None:
        rig.put(leads(_MANY))
        found = records_of(await poll(rig))
        assert sorted(int(record.key) for record in found) == list(range(1, _MANY + 1))

    async def test_keys_are_canonical(self, rig: Rig) -> None:
        rig.put(leads(_MANY))
        keys = [record.key for record in records_of(await poll(rig))]
        assert [key for key in keys if not key or canonical_key(key) != key] == []

    async def test_keys_stay_the_same(self, rig: Rig) -> None:
        rig.put(leads(_MANY))
        before = names_of(await poll(rig))
        rig.put([replace(lead, changed=lead.changed + timedelta(hours=1)) for lead in leads(2)])
        assert names_of(await poll(rig)) == before

    async def test_records_hold_what_the_system_holds(self, rig: Rig) -> None:
        rig.put(leads(2))
        assert names_of(await poll(rig)) == {"1": "Lead 1", "2": "Lead 2"}

    async def test_values_are_those_that_a_mapping_knows(self, rig: Rig) -> None:
        rig.put(leads(_MANY))
        found = records_of(await poll(rig))
        assert [name for record in found for name, value in record.fields.items() if not _known(value)] == []

    async def test_times_of_change_have_a_zone(self, rig: Rig) -> None:
        rig.put(leads(_MANY))
        times = [record.changed for record in records_of(await poll(rig))]
        assert [at for at in times if isinstance(at, datetime) and at.tzinfo is None] == []

    async def test_pages_are_of_the_size_asked_for_and_one_is_the_last(self, rig: Rig) -> None:
        rig.put(leads(_MANY))
        pages = await poll(rig)
        assert [page.last for page in pages] == [False] * (len(pages) - 1) + [True]
        assert max(len(page.records) for page in pages) <= 2 * PAGE_SIZE

    async def test_nothing_is_an_answer(self, rig: Rig) -> None:
        pages = await poll(rig)
        assert records_of(pages) == []
        assert pages[-1].last

    async def test_what_comes_after_nothing_is_read(self, rig: Rig) -> None:
        position = reached(await poll(rig))
        rig.put(leads(2))
        assert sorted(names_of(await poll(rig, position))) == ["1", "2"]

    async def test_p1_a_poll_broken_off_goes_on_from_any_page(self, rig: Rig) -> None:
        rig.put(leads(_MANY))
        for pages in range(1, len(await poll(rig)) + 1):
            first = await poll(rig, pages=pages)
            rest = await poll(rig, reached(first))
            got = {**names_of(first), **names_of(rest)}
            assert len(got) == _MANY, f"broken off after {pages} pages"

    async def test_p1_what_changes_while_it_is_broken_off_is_read_in_the_end(self, rig: Rig) -> None:
        there = leads(_MANY)
        rig.put(there)
        first = await poll(rig, pages=1)
        now = await present(rig) + timedelta(minutes=1)
        anew = [replace(lead, name=f"{lead.name} anew", changed=now) for lead in (there[0], there[-1])]
        rig.put(anew)
        second = await poll(rig, reached(first))
        third = await poll(rig, reached(second, reached(first)))
        got = {**names_of(first), **names_of(second), **names_of(third)}
        assert got == {lead.key: lead.name for lead in [*there, *anew]}

    async def test_positions_survive_the_state_store(self, rig: Rig) -> None:
        rig.put(leads(_MANY))
        positions = [page.position for page in await poll(rig)]
        assert [through_json(position) for position in positions] == positions

    async def test_p1_a_change_is_read_from_the_last_position(self, rig: Rig) -> None:
        rig.put(leads(_MANY))
        position = reached(await poll(rig))
        later = leads(_MANY)[-1].changed + timedelta(minutes=5)
        rig.put([replace(leads(1)[0], name="Changed", changed=later)])
        assert names_of(await poll(rig, position)).get("1") == "Changed"

    async def test_fields_that_are_asked_for_are_there(self, rig: Rig) -> None:
        rig.put(leads(2))
        asked = await poll(rig, fields=frozenset({"name"}))
        assert names_of(asked) == {"1": "Lead 1", "2": "Lead 2"}

    async def test_what_is_read_within_a_field_does_no_harm_beside_it(self, rig: Rig) -> None:
        rig.put(leads(2))
        ways = frozenset({"name", "name.0.value", "name[primary=true].value"})
        assert names_of(await poll(rig, fields=ways)) == {"1": "Lead 1", "2": "Lead 2"}

    async def test_it_knows_its_fields_if_it_says_so(self, rig: Rig) -> None:
        rig.put(leads(2))
        async with opened(rig) as source:
            if not isinstance(source, KnowsFields):
                return
            known = set(await source.fields())
        unknown = {name for record in records_of(await poll(rig)) for name in record.fields} - known
        assert unknown == set()

    async def test_it_fetches_by_key_if_it_says_so(self, rig: Rig) -> None:
        rig.put(leads(_MANY))
        async with opened(rig) as source:
            if not isinstance(source, FetchesByKey):
                return
            found = await source.fetch(["2", "5", "999999"])
            nothing = await source.fetch([])
        assert {record.key: record.fields["name"] for record in found} == {"2": "Lead 2", "5": "Lead 5"}
        assert list(nothing) == []

    async def test_breaking_off_leaves_nothing_behind(self, rig: Rig) -> None:
        rig.put(leads(_MANY))
        before = asyncio.all_tasks()
        async with opened(rig) as source:
            iterator: Any = source.poll(PollRequest(page_size=PAGE_SIZE))
            await anext(iterator)
            await iterator.aclose()
            again = [page async for page in source.poll(PollRequest(page_size=PAGE_SIZE))]
        assert len(records_of(again)) == _MANY
        assert {task for task in asyncio.all_tasks() - before if not task.done()} == set()

    async def test_check_says_one_line(self, rig: Rig) -> None:
        rig.put(leads(2))
        async with opened(rig) as source:
            said = await source.check()
        assert said.strip()
        assert "\n" not in said
        assert not gives_away(said, rig.secrets)

    async def test_check_of_an_empty_system_finds_nothing_wrong(self, rig: Rig) -> None:
        async with opened(rig) as source:
            assert (await source.check()).strip()

    async def test_p10_secrets_are_not_shown(self, rig: Rig) -> None:
        async with opened(rig) as source:
            held = [value for value in vars(source).values() if isinstance(value, SourceSettings)]
            assert not gives_away(repr(source) + str(source) + repr(held), rig.secrets)

    async def test_a_system_that_fails_is_a_source_error(self, rig: Rig) -> None:
        rig.put(leads(2))
        rig.break_down()
        await refused(rig)


def _known(value: Any) -> bool:
    """Tell whether a value is JSON-like, or a date, datetime or Decimal."""
    if isinstance(value, dict):
        return all(isinstance(name, str) and _known(inner) for name, inner in value.items())
    if isinstance(value, list):
        return all(_known(inner) for inner in value)
    return isinstance(value, (str, bool, int, float, Decimal, date, type(None)))
