"""Persons of Pipedrive: v2, which is strict about times and gives its pages by cursor."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sources.base import PollRequest, Position, Window
from sources.errors import Unavailable
from tests.crm_scene import keys, polled, position_of, records_of
from tests.doubles import pipedrive_answers as say
from tests.doubles.base import Reply
from tests.pipedrive_scene import ago, company

PERSONS = "/api/v2/persons$"
SINCE = Position(at=ago(120))
CUSTOM = ["d4de1c1518b4531717c676029a45911c340390a6", "5d5e1c1518b4531717c676029a45911c340390a7"]


async def test_times_are_written_in_whole_seconds_since_any_other_form_is_refused() -> None:
    half = timedelta(milliseconds=500)
    async with company(kind="persons") as (pipedrive, source):
        for number, minutes in enumerate([20, 15, 10, 5], 1):
            pipedrive.put_person(number, ago(minutes))
        assert keys(await polled(source, Position(at=ago(15) + half))) == ["2", "3", "4"]
        window = Window(ago(20) + half, ago(10) + half)
        assert keys(await polled(source, window=window)) == ["2", "3"]
    asked = [asked.query for asked in pipedrive.asked(PERSONS)]
    assert asked[0]["updated_since"] == "2026-03-04T11:45:00Z"
    assert asked[1]["updated_since"] == "2026-03-04T11:40:00Z"
    assert asked[1]["updated_until"] == "2026-03-04T11:50:01Z"


async def test_v1_which_has_no_persons_any_more_is_not_asked_for_them() -> None:
    async with company(kind="persons") as (pipedrive, source):
        pipedrive.put_person(1, ago(5))
        await polled(source)
        await source.check()
        await source.fetch(["1"])
        await source.fields()
    assert pipedrive.asked("^/v1/") == []


async def test_pages_go_on_by_the_cursor_until_there_is_none() -> None:
    async with company(kind="persons") as (pipedrive, source):
        for number in range(1, 8):
            pipedrive.put_person(number, ago(20 - number))
        found = await polled(source, SINCE, page_size=3)
    assert keys(found) == ["1", "2", "3", "4", "5", "6", "7"]
    asked = [asked.query for asked in pipedrive.asked(PERSONS)]
    assert ["cursor" in each for each in asked] == [False, True, True]
    assert {(each["sort_by"], each["sort_direction"]) for each in asked} == {("update_time", "asc")}
    assert [page.position.at for page in found[:3] if page.position] == [ago(17), ago(14), ago(13)]


@pytest.mark.parametrize("further", [None, {}, {"next_cursor": None}])
async def test_a_page_without_a_cursor_is_the_end(further: dict[str, str] | None) -> None:
    async with company(kind="persons") as (pipedrive, source):
        pipedrive.answer_next(Reply({"success": True, "data": [], "additional_data": further}), PERSONS)
        assert keys(await polled(source, SINCE)) == []
    assert len(pipedrive.asked(PERSONS)) == 1


async def test_p1_an_empty_page_with_a_cursor_is_not_the_end() -> None:
    async with company(kind="persons") as (pipedrive, source):
        for number in range(1, 5):
            pipedrive.put_person(number, ago(20 - number))
        second = '["2026-03-04T11:43:00Z", 3]'
        pipedrive.answer_next(say.page_v2([say.person(1, ago(19), {})], "nothing"), PERSONS)
        pipedrive.answer_next(say.page_v2([], second), PERSONS)
        found = await polled(source, SINCE, page_size=2)
    assert keys(found) == ["1", "3", "4"]


async def test_a_cursor_that_leads_back_ends_with_an_error() -> None:
    async with company(kind="persons") as (pipedrive, source):
        for number in range(1, 4):
            pipedrive.answer_next(say.page_v2([say.person(number, ago(5), {})], "again"), PERSONS)
        with pytest.raises(Unavailable, match="read already; stopped there"):
            await polled(source, SINCE)
    assert len(pipedrive.asked(PERSONS)) == 2


async def test_new_cursors_to_the_same_page_end_with_an_error() -> None:
    async with company(kind="persons") as (pipedrive, source):
        for number in range(9):
            page = say.page_v2([say.person(1, ago(5), {})], f"made-up-{number}")
            pipedrive.answer_next(page, PERSONS)
        with pytest.raises(Unavailable, match="the same page again"):
            await polled(source, SINCE)
    assert len(pipedrive.asked(PERSONS)) == 2


async def test_a_cursor_that_is_refused_is_no_fault_of_the_settings() -> None:
    async with company(kind="persons") as (pipedrive, source):
        pipedrive.answer_next(say.page_v2([say.person(1, ago(5), {})], "old"), PERSONS)
        pipedrive.answer_next(say.refused(400, "Parameter validation failed"), PERSONS)
        with pytest.raises(Unavailable, match="page 2 was refused"):
            await polled(source, SINCE)


async def test_p1_persons_that_change_while_they_are_read_are_read_again() -> None:
    async with company(kind="persons") as (pipedrive, source):
        for number in range(1, 8):
            pipedrive.put_person(number, ago(20 - number))
        pipedrive.meanwhile = [
            lambda: pipedrive.put_person(1, ago(-1)),
            lambda: pipedrive.put_person(7, ago(-1)),
        ]
        found = await polled(source, SINCE, page_size=3)
        assert set(keys(found)) == {"1", "2", "3", "4", "5", "6", "7"}
        position = position_of(found)
        assert position is not None
        assert position.at <= ago(0)
        pipedrive.clock.slept.append(120)
        assert {"1", "7"} <= set(keys(await polled(source, position)))


async def test_p1_persons_out_of_order_bring_no_position_before_the_end() -> None:
    async with company(kind="persons") as (pipedrive, source):
        pipedrive.sorts = False
        for number in range(1, 8):
            pipedrive.put_person(number, ago(20 - number))
        pages = source.poll(PollRequest(SINCE, page_size=3))
        assert (await anext(pages)).position is None
        await pages.aclose()
        found = await polled(source, SINCE, page_size=3)
    assert len(set(keys(found))) == 7
    assert position_of(found) == Position(at=ago(13))


async def test_custom_fields_stand_beside_the_others_and_are_asked_for_by_name() -> None:
    async with company(kind="persons") as (pipedrive, source):
        pipedrive.put_person(1, ago(5), **dict.fromkeys(CUSTOM, "slate"))
        pipedrive.put_person(2, ago(4))
        reads = frozenset({"name", CUSTOM[0], "marketing_status"})
        one, two = records_of(await polled(source, SINCE, fields=reads))
        everything = records_of(await polled(source, SINCE))[0]
        asked = [asked.query for asked in pipedrive.asked(PERSONS)]
    assert one.fields[CUSTOM[0]] == "slate"
    assert CUSTOM[1] not in one.fields
    assert "marketing_status" in one.fields
    assert CUSTOM[0] not in two.fields
    assert everything.fields[CUSTOM[1]] == everything.fields["custom_fields"][CUSTOM[1]] == "slate"
    assert (asked[0]["custom_fields"], asked[0]["include_fields"]) == (CUSTOM[0], "marketing_status")
    assert "custom_fields" not in asked[1]


async def test_more_custom_fields_than_can_be_named_are_all_asked_for() -> None:
    names = [f"{number:040x}" for number in range(16)]
    async with company(kind="persons") as (pipedrive, source):
        pipedrive.put_person(1, ago(5), **dict.fromkeys(names, "x"))
        found = await polled(source, SINCE, fields=frozenset(names))
        assert set(names) <= set(records_of(found)[0].fields)


async def test_empty_phones_and_e_mails_are_left_out_and_the_primary_comes_first() -> None:
    emails = [
        {"value": "work@example.com", "primary": False},
        {"value": None, "primary": False},
        {"value": "home@example.com", "primary": True},
    ]
    async with company(kind="persons") as (pipedrive, source):
        pipedrive.put_person(1, ago(5), emails=emails)
        fields = records_of(await polled(source))[0].fields
    assert [each["value"] for each in fields["emails"]] == ["home@example.com", "work@example.com"]
    assert fields["phones"] == []


async def test_single_persons_are_read_again() -> None:
    async with company(kind="persons") as (pipedrive, source):
        for number in range(1, 150):
            pipedrive.put_person(number, ago(5))
        found = await source.fetch([*map(str, range(1, 160)), "row 7"])
    assert {record.key for record in found} == {str(number) for number in range(1, 150)}


async def test_it_knows_the_names_of_all_that_a_person_can_have() -> None:
    async with company(kind="persons") as (pipedrive, source):
        pipedrive.put_person(1, ago(5), **{CUSTOM[0]: "slate"})
        assert {"phones", "emails", "marketing_status", "custom_fields", CUSTOM[0]} <= set(
            await source.fields()
        )


async def test_check_says_that_there_is_nothing_yet() -> None:
    async with company(kind="persons") as (_pipedrive, source):
        assert "persons can be read, there are none yet" in await source.check()
