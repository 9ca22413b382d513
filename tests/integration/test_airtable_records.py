"""Records of Airtable: what is left out, what failed, and how Airtable says "slow down" and "denied"."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sources.airtable import AirtableSettings
from sources.errors import BadConfig, Denied, RateLimited
from tests.airtable_scene import ago, fill, table
from tests.crm_scene import keys, polled, records_of
from tests.doubles.airtable import BASE, STAMP, TOKEN, failed, limited
from tests.doubles.base import Reply

LIST = "/listRecords$"


async def test_fields_that_are_empty_are_there_where_the_mapping_reads_them() -> None:
    async with table() as (airtable, source):
        airtable.types["Ticked"] = "checkbox"
        airtable.put("rec1", ago(5), name="Ada", Ticked=False, Phone="")
        [record] = records_of(await polled(source, fields=frozenset({"name", "Phone", "Ticked", "id"})))
    assert {name: record.fields[name] for name in ("name", "Phone", "Ticked", "id")} == {
        "name": "Ada",
        "Phone": None,
        "Ticked": None,
        "id": "rec1",
    }
    assert airtable.asked(LIST)[0].json["fields"] == [STAMP, "Phone", "Ticked", "name"]


@pytest.mark.parametrize("reads", [{"Owner", "Owner.email"}, {"No", "No. of rooms"}])
async def test_p1_what_may_be_no_field_by_its_name_is_not_asked_for_by_it(reads: set[str]) -> None:
    values = {"Owner": {"email": "ada@example.com"}, "No. of rooms": 5}
    async with table() as (airtable, source):
        airtable.put("rec1", ago(5), **values)
        [record] = records_of(await polled(source, fields=frozenset(reads)))
    assert {name: record.fields[name] for name in values} == values


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ({"specialValue": "NaN"}, None),
        ({"error": "#ERROR!"}, None),
        ([{"error": "#ERROR!"}, "a"], [None, "a"]),
        ({"id": "usrMadeUp", "name": "Ada"}, {"id": "usrMadeUp", "name": "Ada"}),
        (["New", "Open"], ["New", "Open"]),
        (2.5, 2.5),
    ],
)
async def test_a_formula_that_failed_is_empty_and_told(value: Any, read: Any) -> None:
    async with table() as (airtable, source):
        airtable.put("rec1", ago(5), Score=value)
        found = await polled(source)
    assert records_of(found)[0].fields["Score"] == read
    told = ["1 value of formulas that failed (#ERROR!, NaN), read as empty"]
    assert found[-1].notes == (
        told if read is None or None in (read if isinstance(read, list) else []) else []
    )


async def test_a_link_that_expires_does_not_make_a_record_look_changed() -> None:
    async with table() as (airtable, source):
        file = {"id": "att1", "filename": "roof.jpg", "size": 5, "url": "https://x/1", "thumbnails": {}}
        airtable.put("rec1", ago(5), Photos=[file])
        [record] = records_of(await polled(source))
    assert record.fields["Photos"] == [{"id": "att1", "filename": "roof.jpg", "size": 5}]


@pytest.mark.parametrize("item", [None, "x", {}, {"id": "", "fields": {}}, {"id": "rec1", "fields": []}])
async def test_what_is_no_record_is_set_aside(item: Any) -> None:
    async with table() as (airtable, source):
        airtable.answer_next(Reply({"records": [item]}), LIST)
        found = await polled(source)
    assert keys(found) == []
    assert len(found[-1].bad) == 1


async def test_one_request_too_many_is_followed_by_thirty_seconds_of_silence() -> None:
    async with table() as (airtable, source):
        fill(airtable, 3)
        airtable.answer_next(limited(), LIST)
        assert len(keys(await polled(source))) == 3
    assert airtable.clock.slept == [pytest.approx(30.0)]


async def test_our_own_pace_stays_below_five_in_a_second() -> None:
    async with table() as (airtable, source):
        fill(airtable, 40)
        assert len(keys(await polled(source, page_size=2))) == 40
    assert len(airtable.asked(LIST)) == 20
    assert max(airtable.clock.slept) == pytest.approx(0.25)


async def test_the_requests_of_a_month_are_not_waited_for() -> None:
    async with table() as (airtable, source):
        airtable.answer_next(limited("PUBLIC_API_BILLING_LIMIT_EXCEEDED"), LIST)
        with pytest.raises(RateLimited, match="in a month are used up") as caught:
            await polled(source)
    assert caught.value.retry_after == 3600
    assert airtable.clock.slept == []


async def test_a_token_that_is_not_taken_is_denied_and_not_shown() -> None:
    async with table() as (airtable, source):
        airtable.answer_next(failed(401, "AUTHENTICATION_REQUIRED", f"no {TOKEN}"), LIST)
        with pytest.raises(Denied, match="token is not taken") as caught:
            await polled(source)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("scope", [{"table": "Leeds"}, {}])
async def test_a_table_that_is_not_there_and_one_that_is_not_for_us_are_the_same_to_airtable(
    scope: dict[str, str],
) -> None:
    async with table(**scope) as (airtable, source):
        if not scope:
            airtable.answer_next(failed(403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND", "no"), LIST)
        with pytest.raises(Denied, match=r"no such base or table.*data\.records:read"):
            await polled(source)


async def test_a_check_names_the_tables_that_there_are() -> None:
    async with table(table="Leeds") as (_, source):
        with pytest.raises(BadConfig, match=r'no table "Leeds"; its tables are Leads & co') as caught:
            await source.check()
    assert caught.value.setting == "table"


async def test_a_base_that_is_not_there_is_told() -> None:
    async with table() as (airtable, source):
        airtable.answer_next(Reply({"error": "NOT_FOUND"}, status=404), LIST)
        with pytest.raises(BadConfig) as caught:
            await polled(source)
    assert caught.value.setting == "table"


async def test_a_field_that_the_table_does_not_have_is_named() -> None:
    async with table() as (_, source):
        with pytest.raises(BadConfig, match="Fone"):
            await polled(source, fields=frozenset({"Fone"}))


async def test_a_stamp_that_is_not_there_is_told_with_what_is() -> None:
    async with table(changed="Last modfied") as (_, source):
        with pytest.raises(BadConfig, match=r'did you mean "Last modified"\?') as caught:
            await source.check()
    assert caught.value.setting == "changed"


async def test_a_stamp_that_a_change_need_not_move_is_refused() -> None:
    async with table(changed="Came") as (airtable, source):
        airtable.types["Came"] = "date"
        with pytest.raises(BadConfig, match="field of type date, which a change need not move") as caught:
            await source.check()
    assert caught.value.setting == "changed"


@pytest.mark.parametrize(("said", "setting"), [({}, "changed"), ({"filter": "{Stage} = 'x'"}, "filter")])
async def test_a_formula_that_is_not_taken_is_told_where_it_came_from(
    said: dict[str, str], setting: str
) -> None:
    async with table(**said) as (airtable, source):
        text = "The formula for filtering records is invalid: Unknown field names: stage"
        airtable.answer_next(failed(422, "INVALID_FILTER_BY_FORMULA", text), LIST)
        with pytest.raises(BadConfig, match="Unknown field names: stage") as caught:
            await source.check()
    assert caught.value.setting == setting


async def test_a_check_says_what_it_found() -> None:
    async with table() as (airtable, source):
        empty = await source.check()
        fill(airtable, 1)
        said = await source.check()
        assert await source.fields() == ["id", "createdTime", "name", "Phone", "Status", STAMP]
    assert "has no record yet" in empty
    assert said == f"{BASE}: table Leads & co with 4 fields can be read; changes are found by {STAMP}"


@pytest.mark.parametrize("said", [{"base": "tblMadeUp"}, {"token": ""}, {"table": ""}, {"views": "x"}])
def test_settings_that_cannot_work_are_refused(said: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as caught:
        AirtableSettings.model_validate({"token": TOKEN, "base": BASE, "table": "Leads", **said})
    assert TOKEN not in str(caught.value)
