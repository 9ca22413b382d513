"""What a record of Dataverse holds: choices and their texts, lookups, states, tables of every kind."""

from __future__ import annotations

from typing import Any

import pytest

from sources.base import Position
from sources.errors import BadConfig
from tests.crm_scene import polled, records_of
from tests.doubles.base import Reply
from tests.doubles.dynamics import error
from tests.doubles.dynamics_tables import Entity, id_of, leads
from tests.dynamics_scene import ago, environment, fill
from tests.rest_server import NOW

TABLE = "/leads$"
DEFINITIONS = "/EntityDefinitions$"
OWNER = id_of(1, "user")


def owned() -> Entity:
    """Return leads whose owner has a name."""
    table = leads()
    table.texts["_ownerid_value"] = {OWNER: "Ada Example"}
    return table


def walk_ins() -> Entity:
    kinds = {"new_walkinid": "UniqueidentifierType", "new_name": "StringType", "modifiedon": "DateTimeType"}
    return Entity("new_walkin", "new_walkins", "new_walkinid", {**kinds, "new_number": "IntegerType"})


async def one(reads: set[str] | None, **fields: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the fields of a lead as it is read, and what was asked."""
    async with environment(owned()) as (double, source):
        double.put("leads", 1, ago(5), **fields)
        (record,) = records_of(await polled(source, fields=frozenset(reads) if reads is not None else None))
        asked = double.asked(TABLE)[-1]
        assert asked.headers["odata-version"] == asked.headers["odata-maxversion"] == "4.0"
        return dict(record.fields), asked.query


async def test_choices_are_numbers_and_their_texts_stand_beside_them() -> None:
    """Bold: picklists are integers; their text only comes as an annotation that is asked for."""
    fields, query = await one({"statuscode", "statuscode@text", "statecode"}, statuscode=2)
    assert (fields["statuscode"], fields["statuscode@text"]) == (2, "Contacted")
    assert query["$select"] == "leadid,modifiedon,statecode,statuscode"


async def test_only_what_the_mapping_reads_is_selected() -> None:
    fields, query = await one({"lastname", "telephone1"}, lastname="Example", telephone1="804-555-0123")
    assert query == {
        "$select": "leadid,modifiedon,lastname,telephone1",
        "$orderby": "modifiedon,leadid",
    }
    assert fields == {
        "leadid": id_of(1),
        "modifiedon": "2026-03-04T11:55:00Z",
        "lastname": "Example",
        "telephone1": "804-555-0123",
    }


async def test_a_mapping_that_reads_everything_gets_everything() -> None:
    fields, query = await one(None, _ownerid_value=OWNER)
    assert "$select" not in query
    assert fields["_ownerid_value@text"] == "Ada Example"
    assert set(leads().columns) <= set(fields)
    assert not [name for name in fields if "OData" in name or name.startswith("@")]


async def test_a_lookup_is_the_id_of_another_row_and_its_text_that_row_s_name() -> None:
    fields, query = await one({"_ownerid_value", "_ownerid_value@text"}, _ownerid_value=OWNER)
    assert (fields["_ownerid_value"], fields["_ownerid_value@text"]) == (OWNER, "Ada Example")
    assert query["$select"] == "leadid,modifiedon,_ownerid_value"


async def test_an_empty_column_is_null_and_no_error() -> None:
    fields, _ = await one({"emailaddress1", "statuscode@text", "_ownerid_value@text"})
    assert fields["emailaddress1"] is None
    assert fields["statuscode"] is None
    assert "statuscode@text" not in fields


async def test_records_say_what_they_are() -> None:
    async with environment() as (double, source):
        fill(double, 1)
        (record,) = records_of(await polled(source))
    assert (record.key, record.changed, record.where) == (id_of(1), ago(99), f"lead {id_of(1)}")


@pytest.mark.parametrize(("state", "numbers"), [("all", [1, 2, 3]), ("open", [1])])
async def test_qualified_and_lost_leads_are_read_by_choice(state: str, numbers: list[int]) -> None:
    """Gotcha: inactive and qualified leads stay where they are, with another statecode."""
    async with environment(state=state) as (double, source):
        for number in (1, 2, 3):
            double.put("leads", number, ago(10 - number), statecode=number - 1)
        found = records_of(await polled(source, Position(ago(60)), fields=frozenset({"lastname"})))
        assert [record.key for record in found] == [id_of(number) for number in numbers]
        assert len(await source.fetch([id_of(number) for number in (1, 2, 3)])) == 3


@pytest.mark.parametrize("table", ["new_walkins", "new_walkin"])
async def test_any_table_is_found_by_either_of_its_names(table: str) -> None:
    async with environment(walk_ins(), table=table) as (double, source):
        key = double.put("new_walkins", 1, ago(5), new_name="Ada")
        (record,) = records_of(await polled(source, fields=frozenset({"new_name"})))
        assert (record.key, record.fields["new_name"]) == (key, "Ada")
        assert double.asked("/new_walkins$")[-1].query["$orderby"] == "modifiedon,new_walkinid"


@pytest.mark.parametrize("table", ["contact", "contacts"])
async def test_tables_that_all_have_need_no_looking_up(table: str) -> None:
    async with environment(table=table) as (double, source):
        double.put("contacts", 1, ago(5), lastname="Example")
        (record,) = records_of(await polled(source, fields=frozenset({"lastname"})))
        assert record.fields["lastname"] == "Example"
        assert double.asked(DEFINITIONS) == []


@pytest.mark.parametrize("table", ["lead_s", "new_wlakins"])
async def test_a_table_that_is_not_there_is_named_with_the_closest(table: str) -> None:
    async with environment(leads(), walk_ins(), table=table) as (_, source):
        for ask in (polled(source), source.check(), source.fields()):
            with pytest.raises(
                BadConfig, match=rf'no table {table} \(did you mean "(leads|new_walkins)"'
            ) as caught:
                await ask
            assert caught.value.setting == "table"


async def test_a_known_table_that_an_environment_lacks_is_no_secret() -> None:
    async with environment(walk_ins()) as (_, source):
        with pytest.raises(BadConfig, match="there is no table leads"):
            await polled(source)


@pytest.mark.parametrize(
    ("reads", "told"),
    [
        ({"lastnmae", "firstname"}, 'lead has no column lastnmae (did you mean "lastname"?)'),
        ({"LastName"}, 'lead has no column LastName (did you mean "lastname"?)'),
        ({"ownerid"}, 'lead has no column ownerid (did you mean "_ownerid_value"?)'),
        ({"Lead No."}, "lead has no column Lead No."),
        ({"foo", "baar"}, "lead has no column baar that this user may see; lead has no column foo that"),
    ],
)
async def test_a_column_that_is_not_there_is_named_with_the_closest(reads: set[str], told: str) -> None:
    """An unknown name refuses the whole query; a lookup by its plain name is taken, and never given."""
    async with environment() as (double, source):
        fill(double, 1)
        with pytest.raises(BadConfig) as caught:
            await polled(source, fields=frozenset(reads))
    assert told in str(caught.value)
    assert caught.value.setting == "mapping"


async def test_a_refusal_for_no_known_reason_is_told_by_its_code() -> None:
    async with environment() as (double, source):
        double.answer_next(error(400, "0x80041121", "The query is of 804-555-0123"), TABLE)
        with pytest.raises(BadConfig, match=r"answered 400 \(0x80041121\)") as caught:
            await polled(source, fields=frozenset({"lastname"}))
        assert "555" not in str(caught.value)


async def test_a_key_of_one_s_own() -> None:
    async with environment(leads(new_number="StringType"), key="new_number") as (double, source):
        double.put("leads", 1, ago(9), new_number="L-1")
        double.put("leads", 2, ago(8))
        double.put("leads", 3, ago(7), new_number="L'3\"")
        (page,) = await polled(source, fields=frozenset({"lastname"}))
        assert [record.key for record in page.records] == ["L-1", "L'3\""]
        assert [str(bad) for bad in page.bad] == [f"lead {id_of(2)}: its key, new_number, is empty"]
        assert {each.key for each in await source.fetch(["L-1", "L'3\"", "L-9"])} == {"L-1", "L'3\""}


async def test_a_key_that_is_no_column_is_the_setting_s_fault() -> None:
    async with environment(key="new_numbr") as (double, source):
        fill(double, 1)
        with pytest.raises(BadConfig, match="no column new_numbr") as caught:
            await source.check()
    assert caught.value.setting == "key"


async def test_a_row_without_a_time_is_set_aside() -> None:
    async with environment() as (double, source):
        double.answer_next(Reply({"value": [{"leadid": id_of(1), "modifiedon": None}, 7]}), TABLE)
        (page,) = await polled(source)
    assert [str(bad) for bad in page.bad] == [
        f"lead {id_of(1)}: modifiedon holds no time",
        "lead item 2: its key, leadid, is empty",
    ]


async def test_records_are_fetched_by_key_in_batches() -> None:
    async with environment() as (double, source):
        fill(double, 120)
        keys = [id_of(number) for number in range(1, 121)]
        found = await source.fetch([*keys, id_of(999), "no id", "') or leadid ne null"])
        assert sorted(record.key for record in found) == sorted(keys)
        assert [len(each.target) < 8_000 for each in double.asked(TABLE)] == [True] * 3
        assert found[0].fields["lastname"]


async def test_it_knows_its_fields_and_their_texts() -> None:
    async with environment(owned()) as (double, source):
        known = await source.fields()
        await source.fields()
        assert len(double.asked(DEFINITIONS)) == 1
    assert {"lastname", "statuscode", "statuscode@text", "_ownerid_value", "_ownerid_value@text"} <= set(
        known
    )
    assert {"ownerid", "statuscodename", "lastname@text"} & set(known) == set()


async def test_latest_is_the_present_of_dataverse() -> None:
    async with environment() as (double, source):
        fill(double, 3)
        assert await source.latest() == Position(NOW)


@pytest.mark.parametrize(("count", "told"), [(3, "the newest of 2026-03-04 10:23 UTC"), (0, "no record")])
async def test_check_says_what_is_there(count: int, told: str) -> None:
    async with environment() as (double, source):
        fill(double, count)
        assert await source.check() == f"{double.url()}: leads with 14 columns, {told}"


async def test_check_names_the_columns_that_may_come_empty() -> None:
    table = leads()
    table.secured = {"telephone1", "_ownerid_value"}
    async with environment(table) as (_, source):
        assert "lets this user read it: _ownerid_value, telephone1" in await source.check()
        assert "telephone1" in await source.fields()


async def test_a_table_that_keeps_no_time_of_change_is_refused() -> None:
    bare = Entity("new_tag", "new_tags", "new_tagid", {"new_tagid": "UniqueidentifierType"})
    async with environment(bare, table="new_tags") as (_, source):
        for ask in (source.check(), polled(source)):
            with pytest.raises(BadConfig, match="modifiedon") as caught:
                await ask
            assert caught.value.setting == "table"
