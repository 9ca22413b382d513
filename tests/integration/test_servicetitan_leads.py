"""What `servicetitan` makes of leads and customers: the person, whom one may text, and what is left out."""

from __future__ import annotations

import pytest

from sources.base import FetchesByKey, KnowsFields
from sources.errors import Unavailable
from tests.crm_scene import keys, polled, records_of
from tests.doubles.base import Reply
from tests.doubles.openapi import needed
from tests.doubles.servicetitan import TenantDouble
from tests.servicetitan_scene import ago, tenant


async def test_a_lead_of_the_old_schema_gets_phone_and_e_mail_from_its_customer() -> None:
    async with tenant() as (company, source):
        company.put(1, ago(5), customerId=7, summary="AC not cooling")
        company.put(7, ago(500), "customers", name="Ada Lovelace")
        company.put_contact(7, "Phone", "8045550100")
        company.put_contact(7, "MobilePhone", "8045550101")
        company.put_contact(7, "Fax", "8045550102")
        company.put_contact(7, "Email", "ada@example.com")
        company.put_contact(8, "MobilePhone", "8045550109")
        [record] = records_of(await polled(source))
    customer = record.fields["customer"]
    assert customer["name"] == "Ada Lovelace"
    assert customer["phones"] == ["8045550101", "8045550100"]
    assert customer["emails"] == ["ada@example.com"]
    assert [each["type"] for each in customer["contacts"]] == ["Phone", "MobilePhone", "Fax", "Email"]


async def test_a_lead_of_the_new_schema_has_its_own_and_needs_no_customer() -> None:
    async with tenant() as (company, source):
        company.put(1, ago(5), customerId=None, leadPhone="8045550123", leadEmail="jane@example.com")
        [record] = records_of(await polled(source))
    assert (record.fields["leadPhone"], record.fields["customer"]) == ("8045550123", None)
    assert company.asked("/customers") == []


async def test_a_phone_that_has_opted_out_is_none_to_text() -> None:
    async with tenant() as (company, source):
        company.put(1, ago(5), customerId=7)
        company.put(7, ago(500), "customers")
        company.put_contact(7, "MobilePhone", "8045550101", do_not_text=True)
        company.put_contact(7, "MobilePhone", "8045550102")
        [record] = records_of(await polled(source))
    assert record.fields["customer"]["phones"] == ["8045550102"]
    assert len(record.fields["customer"]["contacts"]) == 2


async def test_a_customer_who_is_inactive_or_gone_loses_no_lead() -> None:
    async with tenant() as (company, source):
        company.put(1, ago(5), customerId=7)
        company.put(2, ago(4), customerId=8)
        company.put(7, ago(500), "customers", active=False, name="Ada")
        found = {record.key: record.fields["customer"] for record in records_of(await polled(source))}
    assert found["1"]["name"] == "Ada"
    assert found["1"]["phones"] == []
    assert found["2"] is None


async def test_customers_are_looked_up_fifty_at_a_time_and_each_once() -> None:
    async with tenant() as (company, source):
        for number in range(1, 121):
            company.put(number, ago(300 - number), customerId=1000 + number % 60)
            company.put(1000 + number % 60, ago(500), "customers", name=f"Person {number % 60}")
        records = records_of(await polled(source))
    assert all(record.fields["customer"]["name"] == f"Person {int(record.key) % 60}" for record in records)
    assert len(company.asked("/customers$")) == 2
    assert len(company.asked("/customers/contacts$")) == 2


async def test_a_mapping_that_reads_no_customer_asks_for_none() -> None:
    async with tenant() as (company, source):
        company.put(1, ago(5), customerId=7)
        [record] = records_of(await polled(source, fields=frozenset({"summary", "leadPhone"})))
    assert "customer" not in record.fields
    assert company.asked("/customers") == []


async def test_customers_come_with_contacts_and_inactive_ones_too() -> None:
    async with tenant(object="customers") as (company, source):
        company.put(7, ago(5), "customers", name="Ada")
        company.put(8, ago(4), "customers", name="Ben", active=False)
        company.put_contact(7, "MobilePhone", "8045550101")
        found = {record.key: record.fields for record in records_of(await polled(source))}
    assert found["7"]["phones"] == ["8045550101"]
    assert found["8"]["active"] is False
    assert {asked.query["active"] for asked in company.asked("/customers$")} == {"Any"}


async def test_many_contacts_are_read_to_their_end() -> None:
    async with tenant(object="customers") as (company, source):
        company.largest = 3
        company.put(7, ago(5), "customers")
        for number in range(8):
            company.put_contact(7, "Phone", f"804555010{number}")
        [record] = records_of(await polled(source))
    assert len(record.fields["phones"]) == 8


async def test_p6_an_item_without_an_id_is_set_aside_and_the_rest_goes_on() -> None:
    async with tenant() as (company, source):
        company.put(1, ago(5), id=None)
        company.put(2, ago(4))
        pages = await polled(source)
    assert keys(pages) == ["2"]
    assert [bad.reason for page in pages for bad in page.bad] == ["it has no id"]


async def test_single_leads_are_fetched_with_their_customers() -> None:
    async with tenant() as (company, source):
        assert isinstance(source, FetchesByKey)
        company.put(7, ago(500), "customers", name="Ada")
        for number in range(1, 61):
            company.put(number, ago(5), customerId=7)
        found = await source.fetch([*map(str, range(1, 61)), "no-number"])
    assert len(found) == 60
    assert {record.fields["customer"]["name"] for record in found} == {"Ada"}


async def test_fields_are_those_of_the_specification_and_those_that_are_there() -> None:
    async with tenant() as (company, source):
        assert isinstance(source, KnowsFields)
        company.put(1, ago(5), newlyInvented=1)
        names = await source.fields()
    assert {"customer", "leadPhone", "customerId", "newlyInvented"} <= set(names)
    assert len(names) == len(set(names))


async def test_every_request_is_one_that_the_specification_knows() -> None:
    specification = needed("servicetitan-crm-v2.json")
    async with tenant() as (company, source):
        company.put(1, ago(5), customerId=7)
        company.put(7, ago(500), "customers")
        await polled(source)
        await source.fetch(["1"])
        await source.check()
        asked = company.asked("/crm/")
    assert len(asked) == 7
    assert all(specification.knows(each) for each in asked)
    assert TenantDouble.tolerated == ()


async def test_the_export_feed_which_repeats_rows_is_not_asked() -> None:
    async with tenant() as (company, source):
        for number in range(1, 10):
            company.put(number, ago(60 - number))
        found = keys(await polled(source, page_size=2))
    assert len(found) == len(set(found)) == 9
    assert company.asked("/export/") == []


async def test_contacts_that_lead_round_in_a_circle_are_an_error() -> None:
    async with tenant(object="customers") as (company, source):
        company.put(1, ago(5), "customers")
        round_and_round = Reply({"data": [{"id": 1, "customerId": 1}], "hasMore": True})
        company.answer_next(round_and_round, "/customers/contacts$", times=9)
        with pytest.raises(Unavailable, match="the same page again"):
            await polled(source)
