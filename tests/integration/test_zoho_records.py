"""Records of Zoho: fields in batches of fifty, converted leads, other modules, single ones."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sources.base import Position
from tests.crm_scene import keys, polled, position_of, records_of
from tests.rest_server import NOW
from tests.zoho_scene import ago, organisation

LIST = "/crm/v8/Leads$"
MANY = [f"Field_{number:03}" for number in range(120)]


async def test_fields_are_asked_for_by_name_since_none_come_unasked() -> None:
    reads = frozenset({"Email", "Owner", "Owner.name", "id", "$converted"})
    async with organisation() as (double, source):
        double.put(1, ago(5), Email="one@example.com", Phone=None)
        (record,) = records_of(await polled(source, fields=reads))
    assert double.asked(LIST)[0].query["fields"] == "Modified_Time,Email,Owner"
    assert record.fields["Email"] == "one@example.com"
    assert record.fields["Owner"]["name"] == "Grace"
    assert record.fields["$converted"] is False
    assert "Phone" not in record.fields
    assert "$approved" not in record.fields


async def test_more_fields_than_fifty_are_read_in_batches() -> None:
    async with organisation() as (double, source):
        for number in range(1, 151):
            double.put(number, ago(60 - number / 10), **dict.fromkeys(MANY, str(number)))
        found = await polled(source, fields=frozenset(MANY))
    assert len(keys(found)) == 150
    assert all(set(MANY) <= record.fields.keys() for record in records_of(found))
    assert {record.fields["Field_119"] for record in records_of(found)} == set(map(str, range(1, 151)))
    assert max(len(asked.query["fields"].split(",")) for asked in double.asked(LIST)) == 50
    assert max(len(asked.query.get("ids", "").split(",")) for asked in double.asked(LIST)) == 100


async def test_without_a_mapping_all_fields_are_read() -> None:
    async with organisation() as (double, source):
        double.put(1, ago(5), **dict.fromkeys(MANY, "x"))
        (record,) = records_of(await polled(source))
    assert {*MANY, "id", "Owner", "Created_Time", "Modified_Time"} <= record.fields.keys()


async def test_p1_a_record_that_changes_between_two_batches_is_never_put_together_of_both() -> None:
    async with organisation() as (double, source):
        for number in (1, 2):
            double.put(number, ago(60 - number), **dict.fromkeys(MANY, "before"))
        after = dict.fromkeys(MANY, "after")
        double.meanwhile = [lambda: double.put(1, NOW + timedelta(seconds=5), **after)]
        found = await polled(source, fields=frozenset(MANY))
        assert keys(found) == ["2"]
        assert position_of(found) == Position(at=ago(58))
        again = await polled(source, position_of(found), fields=frozenset(MANY))
    assert [{record.fields[name] for name in MANY} for record in records_of(again)] == [
        {"before"},
        {"after"},
    ]


async def test_a_record_that_is_gone_between_two_batches_is_left_out() -> None:
    async with organisation() as (double, source):
        for number in (1, 2):
            double.put(number, ago(60 - number), **dict.fromkeys(MANY, "x"))
        double.meanwhile = [lambda: double.modules["Leads"].pop("1")]
        assert keys(await polled(source, fields=frozenset(MANY))) == ["2"]


@pytest.mark.parametrize("position", [None, Position(at=ago(60))])
async def test_converted_leads_leave_the_list_and_are_read_by_choice(position: Position | None) -> None:
    async with organisation() as (double, source):
        double.put(1, ago(20))
        double.put(2, ago(10), converted=True)
        assert keys(await polled(source, position)) == ["1"]
        assert [each.key for each in await source.fetch(["1", "2"])] == ["1"]
    async with organisation(include_converted=True) as (double, source):
        double.put(1, ago(20))
        double.put(2, ago(10), converted=True)
        told = {each.key: each.fields["$converted"] for each in records_of(await polled(source, position))}
        assert told == {"1": False, "2": True}
        assert [each.key for each in await source.fetch(["1", "2"])] == ["1", "2"]


async def test_another_module_is_read_by_its_name() -> None:
    async with organisation(module="Contacts") as (double, source):
        double.put(1, ago(5), "Contacts")
        double.put(2, ago(5), "Leads")
        assert keys(await polled(source)) == ["1"]


async def test_single_ones_are_read_again_with_all_their_fields() -> None:
    async with organisation() as (double, source):
        for number in range(1, 121):
            double.put(number, ago(5), **dict.fromkeys(MANY, str(number)))
        found = await source.fetch([*map(str, range(1, 130)), "row 7"])
    assert {record.key for record in found} == set(map(str, range(1, 121)))
    assert all({record.fields[name] for name in MANY} == {record.key} for record in found)
    assert found[0].changed == ago(5)


async def test_it_knows_its_fields() -> None:
    async with organisation() as (double, source):
        double.put(1, ago(5), Phone=None)
        found = await source.fields()
    assert {"id", "$converted", "Phone", "Modified_Time"} <= set(found)
    assert len(found) == len(set(found))


async def test_check_says_what_there_is_and_what_is_left_of_the_credits() -> None:
    async with organisation() as (double, source):
        assert await source.check() == (
            f"{double.url()}: Leads with 4 fields can be read, and has no record yet"
        )
        double.put(1, ago(5))
        double.credits = 12_345
        assert await source.check() == (
            f"{double.url()}: Leads with 4 fields can be read; 12,345 API credits of 24 hours are left"
        )


async def test_the_newest_moment_is_zohos_own() -> None:
    async with organisation() as (double, source):
        double.clock.slept.append(7200)
        assert await source.latest() == Position(at=ago(-120))
