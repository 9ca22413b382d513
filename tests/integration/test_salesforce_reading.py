"""What is asked of Salesforce: the mapping's fields, the user's filter, converted and deleted leads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sources.base import PollRequest, Window
from sources.errors import BadConfig
from tests.doubles.base import running
from tests.doubles.salesforce import Org, lead_kind
from tests.salesforce_org import DAY, closing, key_of, lead, leads, names, organisation, pages, source

OWNER = {"Id": "0055e000000000OAAQ", "Name": "Grace Hopper", "Email": "grace@example.com"}
DESCRIBE = "/describe"


def _keys(found: Any) -> list[str]:
    return [record.key for page in found for record in page.records]


async def test_only_the_fields_of_the_mapping_are_selected() -> None:
    async with organisation(lead(1, Email="ada@example.com", Phone=None)) as (org, salesforce):
        (page,) = await pages(salesforce, {"Email", "Phone"})
    assert org.queries == ["SELECT Id, SystemModstamp, Email, Phone FROM Lead ORDER BY SystemModstamp, Id"]
    assert page.records[0].fields == {
        "Id": key_of(1),
        "SystemModstamp": "2026-03-03T09:00:00.000+0000",
        "Email": "ada@example.com",
        "Phone": None,
    }
    assert page.records[0].changed == DAY
    assert not org.asked(DESCRIBE)


async def test_fields_of_the_record_above_are_nested() -> None:
    async with organisation(lead(1, OwnerId=OWNER["Id"]), lead(2)) as (org, salesforce):
        org.put("User", OWNER)
        (page,) = await pages(salesforce, {"Owner", "Owner.Name", "Owner.Email"})
        assert "Owner.Email, Owner.Name FROM" in org.queries[0]
        assert not org.asked(DESCRIBE)
    first, second = page.records
    assert first.fields["Owner"] == {"Name": "Grace Hopper", "Email": "grace@example.com"}
    assert second.fields["Owner"] is None


async def test_parts_of_a_field_are_no_parent() -> None:
    address = {"street": "313 Constitution Place\nAustin, TX", "city": "Austin"}
    reads = {"Address", "Address.city", "CreatedDate", "CreatedDate.year"}
    async with organisation(lead(1, Address=address)) as (org, salesforce):
        (page,) = await pages(salesforce, reads)
        assert org.queries[-1].startswith("SELECT Id, SystemModstamp, Address, CreatedDate FROM")
        assert len(org.asked(DESCRIBE)) == 1
    assert page.records[0].fields["Address"] == address


async def test_a_mapping_that_reads_the_whole_record_gets_all_fields() -> None:
    async with organisation(lead(1)) as (org, salesforce):
        found = [page async for page in salesforce.poll(PollRequest())]
        assert {*org.kinds["Lead"].fields} == {*found[0].records[0].fields}


async def test_a_query_too_long_for_a_url_goes_into_a_body() -> None:
    """URL and headers may have 16,384 bytes together; the double refuses more."""
    many = {f"A_Question_That_Somebody_Asks_Number_{number}__c": "string" for number in range(600)}
    org = Org(lead_kind(**many))
    org.batch = 2
    org.put("Lead", *(lead(number, **dict.fromkeys(many, "+1 & ü")) for number in (1, 2, 3)))
    async with running(org), closing(source(org, filter="LastName LIKE 'Lead%'")) as salesforce:
        found = await pages(salesforce, {"LastName", *many})
        assert len(org.queries[0]) > 16_384
    assert names(found) == ["Lead 1", "Lead 2", "Lead 3"]
    assert {record.fields[name] for page in found for record in page.records for name in many} == {"+1 & ü"}


async def test_a_refused_query_in_a_body_is_a_refused_query() -> None:
    many = {f"A_Question_That_Somebody_Asks_Number_{number}__c": "string" for number in range(200)}
    org = Org(lead_kind(**many))
    async with running(org), closing(source(org)) as salesforce:
        with pytest.raises(BadConfig, match="Lead has no field Emial") as caught:
            await pages(salesforce, {"Emial", *many})
    assert caught.value.setting == "mapping"


async def test_the_filter_stands_in_parentheses_of_its_own() -> None:
    rows = [
        lead(1, LeadSource="Web"),
        lead(2, LeadSource="O'Neill's"),
        lead(3, LeadSource="List"),
        lead(4, LeadSource="Web", SystemModstamp=DAY - timedelta(days=1)),
    ]
    said = r"where LeadSource = 'Web' OR LeadSource = 'O\'Neill\'s'"
    async with organisation(*rows, filter=said) as (_, salesforce):
        window = Window(DAY, DAY + timedelta(days=1))
        assert names(await pages(salesforce, window=window)) == ["Lead 1", "Lead 2"]


async def test_the_plus_of_an_offset_survives_the_url() -> None:
    rows = leads(3)
    said = f"CreatedDate > {rows[1]['CreatedDate'].isoformat()}"
    assert "+00:00" in said
    async with organisation(*rows, filter=said) as (_, salesforce):
        assert names(await pages(salesforce)) == ["Lead 3"]


async def test_a_window_ends_before_its_end_and_knows_whole_seconds() -> None:
    rows = leads(4, each=timedelta(seconds=1))
    begins = DAY + timedelta(seconds=1, milliseconds=500)
    ends = DAY + timedelta(seconds=3, milliseconds=500)
    async with organisation(*rows) as (org, salesforce):
        assert names(await pages(salesforce, window=Window(begins, ends))) == ["Lead 2", "Lead 3"]
        assert "< 2026-03-03T09:00:04Z" in org.queries[0]


async def test_converted_leads_are_read_unless_they_are_not_wanted() -> None:
    """A converted lead stays, with IsConverted true."""
    rows = [lead(1), lead(2, IsConverted=True)]
    async with organisation(*rows) as (_, salesforce):
        (page,) = await pages(salesforce, {"IsConverted"})
        assert [record.fields["IsConverted"] for record in page.records] == [False, True]
    async with organisation(*rows, include_converted=False, filter="LastName != 'x'") as (_, salesforce):
        assert names(await pages(salesforce)) == ["Lead 1"]


async def test_deleted_leads_are_read_only_if_they_are_wanted() -> None:
    rows = [lead(1), lead(2, IsDeleted=True)]
    async with organisation(*rows) as (_, salesforce):
        assert names(await pages(salesforce)) == ["Lead 1"]
        assert list(await salesforce.fetch([key_of(2)])) == []
    async with organisation(*rows, include_deleted=True) as (org, salesforce):
        assert [record.key for record in await salesforce.fetch([key_of(2)])] == [key_of(2)]
        org.batch = 1
        found = [record for page in await pages(salesforce) for record in page.records]
        assert [record.fields["IsDeleted"] for record in found] == [False, True]
        assert {asked.path.split("/")[4] for asked in org.asked(r"/query")} == {"queryAll"}


async def test_another_field_may_say_what_changed() -> None:
    rows = [lead(1, LastModifiedDate=DAY + timedelta(hours=2)), lead(2)]
    async with organisation(*rows, changed="LastModifiedDate") as (_, salesforce):
        (page,) = await pages(salesforce)
    assert names([page]) == ["Lead 2", "Lead 1"]
    assert page.position
    assert page.position.at == DAY + timedelta(hours=2)


async def test_records_are_fetched_by_key() -> None:
    rows = leads(450)
    async with organisation(*rows) as (org, salesforce):
        org.batch = 150
        found = await salesforce.fetch([*map(key_of, range(1, 451)), key_of(999), "no id", "';--"])
        nothing = await salesforce.fetch([])
    assert sorted(record.key for record in found) == sorted(map(key_of, range(1, 451)))
    assert list(nothing) == []


async def test_it_knows_its_fields_and_the_records_above() -> None:
    async with organisation() as (org, salesforce):
        known = await salesforce.fields()
        await salesforce.fields()
        assert len(org.asked(DESCRIBE)) == 1
    assert {"Email", "OwnerId", "Owner"} <= set(known)
    assert "Name" in known


async def test_latest_is_the_present_of_salesforce() -> None:
    async with organisation(*leads(3)) as (org, salesforce):
        latest = await salesforce.latest()
        assert latest
        assert latest.at == org.clock.now()


async def test_check_says_what_is_there() -> None:
    rows = [lead(1, LeadSource="Web"), lead(2, DAY + timedelta(days=400))]
    async with organisation(*rows, filter="LeadSource = 'Web'") as (_, salesforce):
        said = await salesforce.check()
    assert "Lead with 17 fields, the newest of 2026-03-03 09:00 UTC" in said
    assert "of 15000 API calls of 24 hours used" in said
    assert "\n" not in said


async def test_check_of_an_empty_object() -> None:
    async with organisation() as (_, salesforce):
        assert "no record" in await salesforce.check()


async def test_a_row_without_a_key_is_set_aside() -> None:
    said = {"object": "Lead", "key": "Lead_Number__c"}
    org = Org(lead_kind(Lead_Number__c="string"))
    org.put("Lead", lead(1, Lead_Number__c="L-1"), lead(2), lead(3, None, Lead_Number__c="L-3"))
    async with running(org), closing(source(org, **said)) as salesforce:
        found = await pages(salesforce)
    assert _keys(found) == ["L-1"]
    assert sorted(str(bad) for page in found for bad in page.bad) == [
        f"Lead {key_of(2)}: its key, Lead_Number__c, is empty",
        f"Lead {key_of(3)}: SystemModstamp holds no time",
    ]


async def test_times_of_salesforce_are_read() -> None:
    at = datetime(2026, 5, 1, 7, 25, 37, 123000, tzinfo=UTC)
    async with organisation(lead(1, at)) as (_, salesforce):
        (page,) = await pages(salesforce)
    assert page.records[0].changed == at
    assert page.records[0].fields["SystemModstamp"] == "2026-05-01T07:25:37.123+0000"
