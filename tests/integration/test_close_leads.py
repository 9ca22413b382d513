"""Leads of Close: the fields that are asked for, people nested, custom fields, single ones."""

from __future__ import annotations

from sources.base import Position
from tests.close_scene import OAUTH, ago, organisation
from tests.crm_scene import keys, polled, records_of
from tests.doubles.base import Reply
from tests.doubles.close import KEY

SEARCH = "/data/search/$"
SINCE = Position(at=ago(60))


async def test_only_what_the_mapping_reads_is_asked_for_since_a_search_gives_ids_alone() -> None:
    async with organisation() as (close, source):
        close.put("lead_1", ago(5), status_label="Potential")
        found = await polled(source, SINCE, fields=frozenset({"name"}))
        everything = await polled(source, SINCE)
    assert close.asked(SEARCH)[0].json["_fields"] == {"lead": ["date_created", "date_updated", "id", "name"]}
    assert records_of(found)[0].fields == {
        "id": "lead_1",
        "name": "Acme",
        "date_created": "2026-03-04T11:55:00.000000+00:00",
        "date_updated": "2026-03-04T11:55:00.000000+00:00",
    }
    assert records_of(everything)[0].fields["status_label"] == "Potential"


async def test_a_lead_without_people_is_one_all_the_same() -> None:
    async with organisation() as (close, source):
        close.put("lead_1", ago(5))
        assert records_of(await polled(source, SINCE))[0].fields["contacts"] == []


async def test_custom_fields_stand_together_under_their_ids_whoever_wrote_them() -> None:
    async with organisation() as (close, source):
        close.put("lead_1", ago(5), **{"custom.cf_roof": "slate", "custom": {"Roof": "slate"}})
        fields = records_of(await polled(source, SINCE, fields=frozenset({"custom"})))[0].fields
    assert fields["custom"] == {"Roof": "slate", "cf_roof": "slate"}
    assert fields["custom.cf_roof"] == "slate"


async def test_single_leads_are_read_again_fifty_at_a_time() -> None:
    async with organisation() as (close, source):
        for number in range(120):
            close.put(f"lead_{number}", ago(900), description="a roof")
        close.put_person("cont_1", "lead_7", ago(900), name="Ada")
        found = {record.key: record for record in await source.fetch([f"lead_{n}" for n in range(130)])}
    assert set(found) == {f"lead_{number}" for number in range(120)}
    assert found["lead_7"].fields["contacts"][0]["name"] == "Ada"
    assert found["lead_7"].fields["description"] == "a roof"
    assert found["lead_7"].changed == ago(900)
    assert len(close.asked(SEARCH)) == 3


async def test_it_knows_the_names_of_all_that_a_lead_can_have() -> None:
    async with organisation() as (close, source):
        close.custom_fields = [f"cf_{number}" for number in range(150)]
        found = await source.fields()
    assert {"id", "contacts", "custom", "status_label", "custom.cf_0", "custom.cf_149"} <= set(found)
    assert len(close.asked("custom_field")) == 2


async def test_fields_that_come_again_and_again_are_not_asked_for_for_ever() -> None:
    async with organisation() as (close, source):
        again = Reply({"data": [{"id": "cf_1"}], "has_more": True})
        close.answer_next(again, "custom_field", times=9)
        assert "custom.cf_1" in await source.fields()
    assert len(close.asked("custom_field")) == 2


async def test_something_else_than_leads_is_set_aside() -> None:
    async with organisation() as (close, source):
        odd = {"data": ["text", {"name": "no id"}, {"id": "lead_1"}], "cursor": None}
        close.answer_next(Reply(odd), SEARCH)
        found = await polled(source)
    assert keys(found) == ["lead_1"]
    assert [each.reason for page in found for each in page.bad] == ["it is no object", "it has no id"]


async def test_check_says_what_there_is() -> None:
    async with organisation() as (close, source):
        assert (await source.check()).endswith("0 leads can be read")
        close.put("lead_1", ago(5))
        close.put("lead_2", ago(50))
        said = await source.check()
    assert said == f"{close.url('/api/v1')}: 2 leads can be read, the newest change of 2026-03-04 11:55 UTC"
    assert KEY not in said


async def test_the_newest_moment_is_closes_own() -> None:
    async with organisation(**OAUTH) as (close, source):
        close.clock.slept.append(7200)
        assert await source.latest() == Position(at=ago(-120))
