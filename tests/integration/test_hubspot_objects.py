"""Objects of HubSpot beside contacts: leads with their contacts, archived ones, single ones."""

from __future__ import annotations

import pytest

from sources.base import PollRequest, Position, Window
from sources.errors import Denied, Unavailable
from tests.crm_scene import keys, polled, position_of, records_of
from tests.doubles.base import Reply
from tests.doubles.hubspot import TOKEN, HubspotDouble
from tests.hubspot_scene import OAUTH, account, ago

SINCE = Position(at=ago(60))


def lead_of(hubspot: HubspotDouble, lead: int, *contacts: int) -> None:
    hubspot.put(lead, ago(5), "leads", hs_lead_name="Roof")
    for number in contacts:
        hubspot.put(number, ago(50), firstname=f"Jane {number}", phone="+1 804 555 0123")
    hubspot.link(("leads", lead), *(("contacts", number) for number in contacts))


@pytest.mark.parametrize("position", [None, SINCE])
async def test_a_lead_comes_with_its_contacts_who_alone_have_a_phone(position: Position | None) -> None:
    async with account(object="leads") as (hubspot, source):
        lead_of(hubspot, 1, 11, 12)
        lead_of(hubspot, 2)
        found = await polled(source, position, fields=frozenset({"hs_lead_name", "contacts"}))
    one, two = records_of(found)
    assert [each["id"] for each in one.fields["contacts"]] == ["11", "12"]
    assert one.fields["contacts"][0]["phone"] == "+1 804 555 0123"
    assert two.fields["contacts"] == []


async def test_contacts_are_not_read_for_a_mapping_that_reads_none() -> None:
    async with account(object="leads") as (hubspot, source):
        lead_of(hubspot, 1, 11)
        found = await polled(source, fields=frozenset({"hs_lead_name"}))
    assert "contacts" not in records_of(found)[0].fields
    assert hubspot.asked("associations|batch") == []


async def test_what_else_belongs_to_an_object_can_be_said() -> None:
    async with account(associated={"companies": ["name"]}) as (hubspot, source):
        hubspot.put(1, ago(5))
        hubspot.put(9, ago(5), "companies", name="Roofers", domain="example.com")
        hubspot.link(("contacts", 1), ("companies", 9))
        found = await polled(source, SINCE)
    company = records_of(found)[0].fields["companies"][0]
    assert company["name"] == "Roofers"
    assert "domain" not in company


async def test_links_that_are_not_as_described_end_the_poll() -> None:
    async with account(object="leads") as (hubspot, source):
        lead_of(hubspot, 1, 11)
        hubspot.answer_next(Reply({"results": [{"from": {}}]}), "associations")
        with pytest.raises(Unavailable, match="not as described"):
            await polled(source)


async def test_archived_ones_are_left_out_since_no_search_finds_them() -> None:
    async with account() as (hubspot, source):
        hubspot.put(1, ago(5))
        hubspot.put(2, ago(5))
        hubspot.archive(2, ago(1))
        assert keys(await polled(source)) == ["1"]
        assert keys(await polled(source, SINCE)) == ["1"]
        assert all(asked.query["archived"] == "false" for asked in hubspot.asked("/objects/contacts$"))


async def test_archived_ones_are_read_by_choice_before_anything_moves_the_position() -> None:
    async with account(archived=True) as (hubspot, source):
        for number in range(1, 5):
            hubspot.put(number, ago(50))
        hubspot.archive(1, ago(90))
        hubspot.archive(2, ago(10))
        found = await polled(source, SINCE)
        assert [(record.key, record.fields["archived"]) for record in records_of(found)] == [
            ("2", True),
            ("3", False),
            ("4", False),
        ]
        assert found[0].position is None
        assert position_of(found) == Position(at=ago(50))
        window = Window(ago(100), ago(80))
        assert keys(await polled(source, window=window)) == ["1"]
        assert sorted(keys(await polled(source))) == ["1", "2", "3", "4"]


async def test_single_ones_are_read_again_with_all_their_properties() -> None:
    async with account(object="leads") as (hubspot, source):
        lead_of(hubspot, 1, 11)
        for number in range(2, 150):
            hubspot.put(number, ago(5), "leads", budget="1000")
        found = await source.fetch([*map(str, range(1, 160)), "row 7"])
    assert {record.key for record in found} == {str(number) for number in range(1, 150)}
    first = next(record for record in found if record.key == "1")
    assert first.fields["contacts"][0]["firstname"] == "Jane 11"
    assert first.fields["budget"] is None
    assert first.changed == ago(5)


async def test_it_knows_the_names_of_all_that_a_record_can_have() -> None:
    async with account(object="leads") as (hubspot, source):
        lead_of(hubspot, 1, 11)
        found = await source.fields()
    assert {"id", "createdAt", "properties", "contacts", "hs_lead_name", "hs_lastmodifieddate"} <= set(found)


async def test_check_says_what_there_is_and_what_is_granted() -> None:
    async with account(object="leads") as (hubspot, source):
        lead_of(hubspot, 1, 11)
        lead_of(hubspot, 2)
        said = await source.check()
    assert said == (
        f"{hubspot.url()}: 2 leads can be read, each with 4 properties; "
        "granted: crm.objects.contacts.read, crm.objects.leads.read, oauth"
    )
    assert TOKEN not in said


async def test_check_finds_that_the_contacts_of_leads_may_not_be_read() -> None:
    async with account(object="leads") as (hubspot, source):
        lead_of(hubspot, 1, 11)
        hubspot.scopes.remove("crm.objects.contacts.read")
        with pytest.raises(Denied, match=r"it lacks crm\.objects\.contacts\.read$"):
            await source.check()


async def test_check_does_without_the_scopes_where_they_are_not_told() -> None:
    async with account() as (hubspot, source):
        hubspot.answer_next(Reply({"message": "no"}, status=403), "access-token-info")
        assert "granted" not in await source.check()
    async with account(**OAUTH) as (hubspot, source):
        assert "granted" not in await source.check()
        assert hubspot.asked("access-token-info") == []


async def test_the_newest_moment_is_hubspots_own() -> None:
    async with account() as (hubspot, source):
        hubspot.clock.slept.append(7200)
        assert await source.latest() == Position(at=ago(-120))


async def test_a_poll_asks_for_pages_of_the_size_that_is_wanted() -> None:
    async with account() as (hubspot, source):
        hubspot.put(1, ago(5))
        async for _page in source.poll(PollRequest(SINCE, page_size=500)):
            break
        await polled(source, SINCE, page_size=7)
    assert [asked.json["limit"] for asked in hubspot.asked("/search$")] == [200, 7]
