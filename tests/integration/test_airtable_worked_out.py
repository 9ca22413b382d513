"""What Airtable works out: a formula, rollup or lookup with another result does not move a record's stamp."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.airtable_scene import ago, table
from tests.crm_scene import keys, polled, position_of, records_of
from tests.doubles.airtable import STAMP

if TYPE_CHECKING:
    from tests.doubles.airtable import AirtableDouble


def worked_out(airtable: AirtableDouble) -> None:
    """Write two records whose phone is looked up in another table."""
    airtable.types |= {"Owner phone": "multipleLookupValues", "Score": "formula", "Visits": "count"}
    for number in (1, 2):
        airtable.put(f"rec{number}", ago(60 - number), name="Ada", **{"Owner phone": ["804-555-0100"]})


async def test_a_lookup_that_changes_alone_is_not_found_by_the_stamp_and_comes_with_the_next_edit() -> None:
    async with table() as (airtable, source):
        worked_out(airtable)
        position = position_of(await polled(source))
        airtable.work_out("rec1", **{"Owner phone": ["804-555-0199"]})
        assert "rec1" not in keys(await polled(source, position))
        airtable.put("rec1", ago(5), name="Ada L.")
        found = {each.key: each.fields for each in records_of(await polled(source, position))}
    assert found["rec1"]["Owner phone"] == ["804-555-0199"]


async def test_a_lookup_that_changes_alone_is_found_where_the_table_is_read_whole() -> None:
    async with table(changed=None) as (airtable, source):
        worked_out(airtable)
        await polled(source)
        airtable.work_out("rec1", **{"Owner phone": ["804-555-0199"]})
        found = {each.key: each.fields["Owner phone"] for each in records_of(await polled(source))}
    assert found == {"rec1": ["804-555-0199"], "rec2": ["804-555-0100"]}


async def test_a_check_names_the_fields_whose_changes_alone_are_not_found() -> None:
    async with table() as (airtable, source):
        worked_out(airtable)
        said = await source.check()
        airtable.types |= {f"Sum {number}": "rollup" for number in range(9)}
        many = await source.check()
    told = f"changes are found by {STAMP}, but not those of fields that Airtable works out: "
    assert said.endswith(f"{told}Owner phone, Score, Visits")
    assert many.endswith("Sum 4, … and 4 more")


async def test_a_stamp_that_is_a_formula_itself_is_not_one_of_them() -> None:
    async with table(changed="Score") as (airtable, source):
        airtable.stamp = "Score"
        airtable.types["Score"] = "formula"
        assert (await source.check()).endswith("changes are found by Score")
