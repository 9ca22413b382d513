"""Contacts of GoHighLevel: who is not to be disturbed, names as they were typed, single ones."""

from __future__ import annotations

from typing import Any

import pytest

from sources.base import Position
from tests.crm_scene import keys, polled, position_of, records_of
from tests.doubles.gohighlevel import LOCATION, TOKEN
from tests.gohighlevel_scene import ago, location

OFF: list[dict[str, Any]] = [
    {"dnd": True},
    {"dnd": "true"},
    {"dndSettings": {"SMS": {"status": "active"}}},
    {"dndSettings": {"SMS": {"status": "permanent", "code": "103"}, "Call": {"status": "inactive"}}},
]
ON: list[dict[str, Any]] = [
    {"dnd": False},
    {"dnd": None, "dndSettings": None},
    {"dndSettings": {"SMS": {"status": "inactive"}, "Email": {"status": "active"}}},
]


@pytest.mark.parametrize("said", OFF)
async def test_who_is_not_to_be_disturbed_is_left_out_counted_and_not_read_again(said: Any) -> None:
    async with location() as (double, source):
        double.put(1, ago(20), **said)
        double.put(2, ago(15))
        double.put(3, ago(10), **said)
        found = await polled(source, page_size=1)
        assert keys(found) == ["2"]
        assert [note for page in found for note in page.notes] == [
            "2 contacts not to be disturbed are left out; `include_dnd: true` reads them too"
        ]
        assert position_of(found) == Position(at=ago(10))
        assert await source.fetch(["1"]) == []


@pytest.mark.parametrize("said", ON)
async def test_who_may_be_texted_is_read(said: Any) -> None:
    async with location() as (double, source):
        double.put(1, ago(20), **said)
        found = await polled(source)
    assert keys(found) == ["1"]
    assert [note for page in found for note in page.notes] == []


async def test_all_are_read_by_choice_and_say_what_they_asked_for() -> None:
    async with location(include_dnd=True) as (double, source):
        double.put(1, ago(20), dnd=True)
        found = await polled(source)
        assert records_of(found)[0].fields["dnd"] is True
        assert [note for page in found for note in page.notes] == []
        assert [each.key for each in await source.fetch(["1"])] == ["1"]


async def test_the_name_is_as_it_was_typed_although_contact_name_is_in_lower_case() -> None:
    async with location() as (double, source):
        double.put(1, ago(20), firstName="Taylor", lastName="McReynolds")
        double.put(2, ago(19), lastName="Smith")
        double.put(3, ago(18), email="jane@example.com")
        one, two, three = records_of(await polled(source))
    assert (one.fields["name"], one.fields["contactName"]) == ("Taylor McReynolds", "taylor mcreynolds")
    assert (two.fields["name"], three.fields["name"]) == ("Smith", None)


async def test_a_record_is_the_contact_without_its_place_in_the_search() -> None:
    async with location() as (double, source):
        double.put(1, ago(20), phone="+178655689546", additionalPhones=[{"phone": "+18045550123"}])
        (record,) = records_of(await polled(source))
    assert record.fields["phone"] == "+178655689546"
    assert record.fields["additionalPhones"] == [{"phone": "+18045550123"}]
    assert "searchAfter" not in record.fields


async def test_single_ones_are_read_again() -> None:
    async with location() as (double, source):
        double.put("aB1", ago(20), firstName="Jane")
        found = await source.fetch(["aB1", "gone", "row 7", "../location"])
    assert [(each.key, each.fields["name"], each.changed) for each in found] == [("aB1", "Jane", ago(20))]
    assert [asked.path for asked in double.api.asked] == ["/contacts/aB1", "/contacts/gone"]


async def test_it_knows_what_contacts_have_and_what_yours_have_beside_that() -> None:
    async with location() as (double, source):
        double.put(1, ago(20), somethingNew=1)
        found = await source.fields()
    assert {"id", "name", "firstName", "additionalPhones", "dnd", "opportunities", "somethingNew"} <= set(
        found
    )
    assert "searchAfter" not in found
    assert len(found) == len(set(found))


async def test_check_says_what_there_is_and_what_is_left_of_the_day() -> None:
    async with location() as (double, source):
        for number in range(1, 1_235):
            double.put(number, ago(5))
        said = await source.check()
    assert said == (
        f"{double.url()}: 1,234 contacts of location {LOCATION} can be read; "
        "199,999 of 200,000 requests of today are left"
    )
    assert TOKEN not in said


async def test_the_newest_moment_is_their_own() -> None:
    async with location() as (double, source):
        double.clock.slept.append(7200)
        assert await source.latest() == Position(at=ago(-120))
