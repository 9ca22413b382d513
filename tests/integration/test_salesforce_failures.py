"""Salesforce's own ways of saying no: which are limits, which pass, which name a setting."""

from __future__ import annotations

from typing import Any

import pytest

from sources.errors import BadConfig, Denied, RateLimited, Unavailable
from tests.doubles.base import Reply
from tests.doubles.salesforce import error
from tests.salesforce_org import lead, leads, names, organisation, pages

QUERY = "/query"


async def test_the_calls_of_a_day_used_up_are_a_limit_and_no_denial() -> None:
    """Bold: HTTP 403 with REQUEST_LIMIT_EXCEEDED. Asking on would not help for a long time."""
    async with organisation(*leads(2)) as (org, salesforce):
        org.allowance.most = 0
        with pytest.raises(RateLimited, match=r"REQUEST_LIMIT_EXCEEDED.*24 hours are used up") as caught:
            await pages(salesforce)
        assert caught.value.retry_after == 900
        assert org.allowance.refused == 1


async def test_too_many_long_requests_at_once_pass_soon() -> None:
    message = "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
    async with organisation(*leads(2)) as (org, salesforce):
        org.answer_next(error(403, "REQUEST_LIMIT_EXCEEDED", message), QUERY, times=2)
        assert names(await pages(salesforce)) == ["Lead 1", "Lead 2"]
        assert org.clock.slept


async def test_the_allowance_is_told_before_it_is_gone() -> None:
    async with organisation(*leads(2)) as (org, salesforce):
        (page,) = await pages(salesforce)
        assert page.notes == ()
        org.allowance.used, org.allowance.most = 949, 1_000
        (page,) = await pages(salesforce)
    (note,) = page.notes
    assert note.startswith("950 of the organisation's 1000 API calls of 24 hours are used;")


@pytest.mark.parametrize("status", [406, 420])
@pytest.mark.parametrize("body", [b"", b"<html><body>An unexpected error</body></html>"])
async def test_406_and_420_come_without_json_and_pass(status: int, body: bytes) -> None:
    """Bold: they have no body or one of HTML, and are transient."""
    async with organisation(*leads(2)) as (org, salesforce):
        org.answer_next(Reply(body=body, status=status), QUERY, times=2)
        assert names(await pages(salesforce)) == ["Lead 1", "Lead 2"]
        org.answer_next(Reply(body=body, status=status), QUERY, times=20)
        with pytest.raises(Unavailable):
            await pages(salesforce)


@pytest.mark.parametrize(
    ("status", "code"),
    [(503, "SERVER_UNAVAILABLE"), (500, "UNKNOWN_EXCEPTION"), (400, "UNABLE_TO_LOCK_ROW")],
)
async def test_troubles_of_the_server_pass(status: int, code: str) -> None:
    async with organisation(*leads(2)) as (org, salesforce):
        org.answer_next(error(status, code, "Service is unavailable"), QUERY, times=3)
        assert names(await pages(salesforce)) == ["Lead 1", "Lead 2"]


async def test_html_with_status_200_is_no_answer() -> None:
    async with organisation() as (org, salesforce):
        org.answer_next(Reply(body=b"<html>maintenance", headers={"Content-Type": "text/html"}), QUERY)
        with pytest.raises(Unavailable, match="not JSON"):
            await pages(salesforce)


async def test_json_that_is_no_result_is_no_answer() -> None:
    async with organisation() as (org, salesforce):
        org.answer_next(Reply({"hello": "world"}), QUERY)
        with pytest.raises(Unavailable, match="no result of a query"):
            await pages(salesforce)


@pytest.mark.parametrize(
    ("reads", "told"),
    [
        ({"Emial", "Phone"}, 'Lead has no field Emial (did you mean "Email"?) that this user may see'),
        ({"Ownr", "Ownr.Name"}, 'Lead has no field Ownr (did you mean "Owner"?)'),
        ({"Owner", "Owner.Nmae"}, 'User has no field Nmae (did you mean "Name"?)'),
        ({"Owner"}, "Owner is a record of its own: name a field of it, as in Owner.Name"),
        ({"Lead No."}, "Lead has no field Lead No."),
        ({"Phnoe", "Emial"}, "Lead has no field Emial"),
    ],
)
async def test_a_field_that_is_not_there_is_named(reads: set[str], told: str) -> None:
    """One unknown or invisible field refuses the whole query."""
    async with organisation(lead(1)) as (_, salesforce):
        with pytest.raises(BadConfig) as caught:
            await pages(salesforce, reads)
    assert told in str(caught.value)
    assert caught.value.setting == "mapping"


async def test_a_parent_that_may_be_of_several_kinds_is_called_what_salesforce_calls_it() -> None:
    told = "\nERROR at Row:1:Column:12\nNo such column 'Emial' on entity 'Name'. If you are attempting to use"
    async with organisation(lead(1)) as (org, salesforce):
        org.answer_next(error(400, "INVALID_FIELD", told), QUERY)
        with pytest.raises(BadConfig, match="Name has no field Emial that this user may see") as caught:
            await pages(salesforce, {"Owner", "Owner.Emial"})
    assert caught.value.setting == "mapping"


async def test_upper_and_lower_case_count_although_soql_does_not_mind() -> None:
    """The answer spells fields its own way, and the mapping would find nothing."""
    for reads, told in (({"email"}, 'no email (did you mean "Email"?)'), ({"Owner.name"}, "no Owner.name")):
        async with organisation(lead(1, OwnerId="005A")) as (org, salesforce):
            org.put("User", {"Id": "005A", "Name": "Grace"})
            with pytest.raises(BadConfig, match="upper and lower case count") as caught:
                await pages(salesforce, reads)
        assert told in str(caught.value)
        assert caught.value.setting == "mapping"


@pytest.mark.parametrize(
    ("said", "setting", "told"),
    [
        ({"filter": "LeadSorce = 'Web'"}, "filter", 'no field LeadSorce (did you mean "LeadSource"?)'),
        ({"filter": "LeadSource = Web'x'"}, "filter", "MALFORMED_QUERY"),
        ({"filter": "LeadSource == 'Web'"}, "filter", "unexpected token"),
        ({"filter": "Description LIKE '%roof%'"}, "filter", "can't be filtered by Description"),
        ({"filter": "CreatedDate > '2026-01-01T00:00:00Z'"}, "filter", "should not be enclosed in quotes"),
        ({"key": "Lead_Nr__c"}, "key", "Lead has no field Lead_Nr__c"),
        ({"changed": "SystemModstmp"}, "changed", 'did you mean "SystemModstamp"?'),
        ({"changed": "systemmodstamp"}, "changed", 'did you mean "SystemModstamp"?'),
        ({"key": "email"}, "key", 'did you mean "Email"?'),
        ({"changed": "Description"}, "changed", "CreatedDate, LastModifiedDate, SystemModstamp"),
        ({"object": "Leed"}, "object", 'there is no object Leed (did you mean "Lead"?)'),
        ({"api_version": "99.0"}, "api_version", "is version 99.0 of its API there?"),
    ],
)
async def test_a_setting_at_fault_is_named(said: dict[str, Any], setting: str, told: str) -> None:
    async with organisation(lead(1), **said) as (_, salesforce):
        for asking in (pages(salesforce), salesforce.check()):
            with pytest.raises(BadConfig) as caught:
                await asking
            assert caught.value.setting == setting
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("API_DISABLED_FOR_ORG", "edition"),
        ("API_CURRENTLY_DISABLED", "API Enabled"),
        ("INSUFFICIENT_ACCESS", "may not read"),
        ("SOMETHING_NEW", "credentials or permissions"),
    ],
)
async def test_a_denial_says_what_is_missing(code: str, told: str) -> None:
    async with organisation(lead(1)) as (org, salesforce):
        org.answer_next(error(403, code, "No."), QUERY)
        with pytest.raises(Denied, match=told):
            await pages(salesforce)


async def test_a_field_that_disappears_between_pages_is_no_news_of_the_settings() -> None:
    async with organisation(*leads(3)) as (org, salesforce):
        org.batch = 1
        org.answer_next(Reply(status=414, body=b"URI Too Long"), "/query/")
        with pytest.raises(Unavailable, match="too long"):
            await pages(salesforce)
