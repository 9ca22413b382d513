"""What is asked of Jobber: what the mapping reads and no more, since each field costs; single records."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import ValidationError

from sources.base import Position
from sources.errors import BadConfig, Unavailable
from sources.jobber import JobberSettings
from tests.crm_scene import polled, records_of
from tests.doubles.base import Reply
from tests.doubles.jobber import failed
from tests.jobber_scene import GRAPHQL, account, ago

APP = {"client_id": "x", "client_secret": "y"}


async def cost_of(reads: set[str] | None, **said: Any) -> tuple[str, float]:
    """Return the query that is asked when these fields are read, and the points that it takes."""
    async with account(**said) as (double, source):
        double.put(1, ago(5))
        await polled(source, fields=frozenset(reads) if reads is not None else None)
        return double.asked(GRAPHQL)[0].json["query"], source._api.budget.cost.requested


async def test_only_what_the_mapping_reads_is_asked_for_and_phones_only_where_it_reads_them() -> None:
    query, plain = await cost_of({"firstName"})
    fields = re.search(r"nodes \{ (.*?) \}", query)[1].split()
    assert fields == ["firstName", "id", "isArchived", "isLead", "updatedAt"]
    with_phones, dearer = await cost_of({"firstName", "phones", "emails"})
    assert "phones { number" in with_phones
    assert dearer > plain + 50 * 8  # which is why it is not asked for otherwise


async def test_p1_of_a_list_that_is_read_item_by_item_the_whole_is_asked_for() -> None:
    ways = {"phones", "phones[smsAllowed=true].number", "phones.0.number", "emails", "emails.0.address"}
    assert await cost_of({"firstName", *ways}) == await cost_of({"firstName", "phones", "emails"})


async def test_lists_within_records_never_count_as_a_hundred_and_everything_is_affordable() -> None:
    everything = {
        "customFields",
        "clientProperties",
        "contacts",
        "tags",
        "phones",
        "emails",
        "billingAddress",
    }
    for reads, said in [(None, {}), (everything, {}), (None, {"object": "requests"})]:
        query, cost = await cost_of(reads, **said)
        lists = re.findall(r"(?:tags|clientProperties|contacts) (\S+)", query)
        assert set(lists) <= {"(first:"}
        assert cost < 10_000


async def test_a_record_has_plain_lists_in_it() -> None:
    async with account() as (double, source):
        home = {"address": {"street1": "1 Main St", "city": "Richmond"}}
        custom = {"__typename": "CustomFieldText", "label": "Roof", "valueText": "slate"}
        double.put(
            1,
            ago(5),
            phones=[{"number": "804-555-0123", "primary": True, "description": "Main", "smsAllowed": True}],
            tags={"nodes": [{"label": "vip"}]},
            clientProperties={"nodes": [home]},
            customFields=[custom],
        )
        reads = frozenset({"phones", "tags", "clientProperties", "customFields"})
        (found,) = records_of(await polled(source, fields=reads))
    assert found.fields["phones"][0]["number"] == "804-555-0123"
    assert found.fields["tags"] == [{"label": "vip"}]
    assert found.fields["clientProperties"][0]["address"]["city"] == "Richmond"
    assert found.fields["customFields"] == [{"label": "Roof", "valueText": "slate"}]


async def test_a_field_that_is_not_known_here_is_asked_for_by_its_name() -> None:
    async with account(selections={"sourceAttribution": "{ sourceText }"}) as (double, source):
        double.put(1, ago(5), phone="804-555-0123", sourceAttribution={"sourceText": "Google"})
        (found,) = records_of(await polled(source, fields=frozenset({"phone", "sourceAttribution"})))
    assert found.fields["phone"] == "804-555-0123"
    assert found.fields["sourceAttribution"] == {"sourceText": "Google"}


@pytest.mark.parametrize(
    ("reads", "told", "setting"),
    [
        ("firstname", r'no field "firstname" of a client \(did you mean "firstName"\?\)', "mapping"),
        ("First Name", r'no field "First Name" of a client \(did you mean "firstName"\?\)', "mapping"),
        ("id } } { x", r"no field", "mapping"),
        ("sourceAttribution", r"the sourceAttribution of a client has fields of its own", "selections"),
    ],
)
async def test_a_field_that_is_not_there_is_named(reads: str, told: str, setting: str) -> None:
    async with account() as (_double, source):
        with pytest.raises(BadConfig, match=told) as caught:
            await polled(source, fields=frozenset({reads}))
    assert caught.value.setting == setting


async def test_a_field_that_a_version_has_no_more_blames_the_version() -> None:
    async with account() as (double, source):
        told = {"code": "undefinedField", "typeName": "ClientPhoneNumber", "fieldName": "smsAllowed"}
        double.answer_next(Reply({"errors": [{"message": "no", "extensions": told}]}), GRAPHQL)
        with pytest.raises(BadConfig, match=r"has no ClientPhoneNumber\.smsAllowed") as caught:
            await polled(source)
    assert caught.value.setting == "api_version"


async def test_single_ones_are_read_again_and_those_that_are_gone_are_left_out() -> None:
    async with account() as (double, source):
        double.put("Z2lkOi8vSm9iYmVyL0NsaWVudC8x", ago(5), name="Ada")
        double.answer_next(Reply(failed("Client not found", "NOT_FOUND", {"found": None})), GRAPHQL)
        found = await source.fetch(["gone", "Z2lkOi8vSm9iYmVyL0NsaWVudC8x", "gone-too", "row 7"])
        assert len(double.asked(GRAPHQL)) == 3
    assert [(each.fields["name"], each.changed) for each in found] == [("Ada", ago(5))]


async def test_a_list_of_which_something_is_not_there_is_not_taken_for_whole() -> None:
    async with account() as (double, source):
        double.answer_next(Reply(failed("Client not found", "NOT_FOUND", {"found": {"nodes": []}})), GRAPHQL)
        with pytest.raises(Unavailable, match="not there"):
            await polled(source)


@pytest.mark.parametrize("kind", ["clients", "requests"])
async def test_it_knows_the_fields_that_this_version_has(kind: str) -> None:
    async with account(object=kind) as (_double, source):
        found = set(await source.fields())
    assert {"id", "updatedAt", "phone", "email"} <= found
    assert not found & {"sourceAttribution", "referringclient"}
    assert ("contacts" in found) == (kind == "clients")
    assert ("client" in found) == (kind == "requests")


async def test_check_says_whose_account_it_is_and_how_many_points_are_left() -> None:
    async with account() as (double, source):
        said = await source.check()
        url = double.url("/api/graphql")
    left = re.fullmatch(
        rf"{url}: the clients of Ada's Lawns can be read; 9,99\d of 10,000 points are left", said
    )
    assert left


async def test_the_newest_moment_is_their_own() -> None:
    async with account() as (double, source):
        double.clock.slept.append(7_200)
        assert await source.latest() == Position(at=ago(-120))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"object": "requests", "leads_only": True}, "`leads_only` is about clients"),
        ({"api_version": "latest"}, "api_version"),
        ({"selections": {"notes": "} mutation { x"}}, "what stands behind the field"),
        ({"selections": {"notes": "first"}}, "what stands behind the field"),
        ({"selections": {"a b": "{ id }"}}, "selections"),
    ],
)
def test_settings_that_cannot_work_are_refused(said: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        JobberSettings.model_validate({**APP, **said})
