"""Leads of Pipedrive: a list by offset that moves while it is read, persons joined, archived ones apart."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from sources.base import PollRequest, Position, Window
from sources.errors import Denied, Unavailable
from tests.crm_scene import keys, polled, position_of, records_of
from tests.doubles import pipedrive_answers as say
from tests.doubles.base import Reply
from tests.pipedrive_scene import ago, company, fill

if TYPE_CHECKING:
    from tests.doubles.pipedrive import PipedriveDouble

LEADS = "^/v1/leads$"
ARCHIVED = "/leads/archived$"
SINCE = Position(at=ago(120))


def all_of(count: int) -> set[str]:
    return {str(number) for number in range(1, count + 1)}


async def test_leads_are_asked_for_in_the_order_of_their_change_since_the_second_of_the_position() -> None:
    async with company() as (pipedrive, source):
        pipedrive.put_lead("1", ago(10) + timedelta(milliseconds=300))
        pipedrive.put_lead("2", ago(20))
        found = await polled(source, Position(at=ago(10) + timedelta(microseconds=300_900)))
    assert keys(found) == ["1"]
    asked = pipedrive.asked(LEADS)[0].query
    assert asked["sort"] == "update_time ASC"
    assert asked["updated_since"] == "2026-03-04T11:50:00Z"


@pytest.mark.parametrize("position", [None, SINCE])
async def test_p1_a_lead_that_moves_while_the_list_is_read_makes_none_be_skipped(
    position: Position | None,
) -> None:
    async with company() as (pipedrive, source):
        fill(pipedrive, 9)
        pipedrive.meanwhile = [lambda: pipedrive.put_lead("1", ago(0))]
        found = await polled(source, position, page_size=3)
    assert set(keys(found)) == all_of(9)
    assert keys(found).count("1") == 2
    assert keys(found)[-1] == "1"


@pytest.mark.parametrize("count", [1, 2, 3])
async def test_p1_leads_that_are_deleted_while_the_list_is_read_make_none_be_skipped(count: int) -> None:
    async with company() as (pipedrive, source):

        def drop() -> None:
            for number in range(1, count + 1):
                pipedrive.drop_lead(str(number))

        fill(pipedrive, 9)
        pipedrive.meanwhile = [drop]
        assert set(keys(await polled(source, page_size=3))) == all_of(9)


async def test_p1_a_list_that_moves_by_pages_is_found_again_by_time() -> None:
    def change_many(pipedrive: PipedriveDouble) -> None:
        for number in range(1, 13):
            pipedrive.put_lead(str(number), ago(0.5))

    async with company() as (pipedrive, source):
        fill(pipedrive, 24)
        pipedrive.meanwhile = [*([lambda: None] * 4), lambda: change_many(pipedrive)]
        found = await polled(source, SINCE, page_size=3)
    assert set(keys(found)) == all_of(24)
    assert len({asked.query.get("updated_since") for asked in pipedrive.asked(LEADS)}) == 2
    positions = [page.position.at for page in found if page.position]
    assert positions == sorted(positions)
    assert position_of(found) == Position(at=ago(0.5))


async def test_what_a_list_that_moved_away_gives_again_of_the_same_second_is_left_out() -> None:
    def change_many(pipedrive: PipedriveDouble) -> None:
        for number in range(1, 11):
            pipedrive.put_lead(str(number), ago(0.5))

    async with company() as (pipedrive, source):
        for number in range(1, 19):
            pipedrive.put_lead(str(number), ago(5) + timedelta(milliseconds=50 * number))
        pipedrive.meanwhile = [*([lambda: None] * 4), lambda: change_many(pipedrive)]
        found = await polled(source, SINCE, page_size=3)
    assert set(keys(found)) == all_of(18)
    assert [note for page in found for note in page.notes] == []
    assert all(page.position for page in found)


async def test_p1_a_list_that_never_stands_still_ends_the_poll_instead_of_losing_some() -> None:
    def other(number: int) -> Reply:
        items = [say.lead(f"{number}-{each}", ago(50), {}) for each in range(4)]
        return say.page_v1(items, 0, 4, more=True)

    async with company() as (pipedrive, source):
        for number in range(30):
            pipedrive.answer_next(other(number), LEADS)
        with pytest.raises(Unavailable, match="changes faster than it can be read"):
            await polled(source, SINCE, page_size=3)
    assert len(pipedrive.api.asked) < 30


async def test_a_list_that_gives_the_same_page_for_ever_ends_with_an_error() -> None:
    async with company() as (pipedrive, source):
        again = say.page_v1([say.lead("1", ago(5), {}), say.lead("2", ago(5), {})], 0, 4, more=True)
        pipedrive.answer_next(again, LEADS, times=10)
        with pytest.raises(Unavailable, match="stopped there"):
            await polled(source, SINCE, page_size=3)
    assert len(pipedrive.asked(LEADS)) == 2


@pytest.mark.parametrize("data", [{"data": None}, {"data": [], "additional_data": None}])
async def test_a_page_with_nothing_is_the_end(data: dict[str, Any]) -> None:
    async with company() as (pipedrive, source):
        pipedrive.answer_next(Reply({"success": True, **data}), LEADS)
        found = await polled(source, SINCE)
    assert keys(found) == []
    assert position_of(found) == SINCE


async def test_p1_more_leads_of_one_moment_than_a_page_holds_are_all_read() -> None:
    async with company() as (pipedrive, source):
        for number in range(1, 31):
            pipedrive.put_lead(str(number), ago(7))
        found = await polled(source, Position(at=ago(7)), page_size=4)
    assert sorted(keys(found), key=int) == sorted(all_of(30), key=int)


async def test_p1_leads_out_of_order_bring_no_position_before_the_end() -> None:
    async with company() as (pipedrive, source):
        pipedrive.sorts = False
        for number in range(1, 8):
            pipedrive.put_lead(str(number), ago(number))
        found = await polled(source, SINCE, page_size=3)
    assert set(keys(found)) == all_of(7)
    assert [page.position for page in found[:-1]] == [None] * (len(found) - 1)
    assert position_of(found) == Position(at=ago(1))
    assert "not in the order" in next(note for page in found for note in page.notes)


async def test_a_backfill_reads_no_further_than_its_window() -> None:
    async with company() as (pipedrive, source):
        fill(pipedrive, 40)
        found = await polled(source, window=Window(ago(38), ago(34)), page_size=3)
    assert keys(found) == ["3", "4", "5", "6"]
    assert len(pipedrive.asked(LEADS)) == 2


async def test_a_lead_comes_with_its_person_who_alone_has_a_phone() -> None:
    async with company() as (pipedrive, source):
        phones = [
            {"value": "", "primary": False, "label": "home"},
            {"value": "+1 804 555 0111", "primary": False, "label": "work"},
            {"value": "+1 804 555 0123", "primary": True, "label": "mobile"},
        ]
        pipedrive.put_person(7, ago(900), phones=phones, first_name="Ada", roof="slate")
        pipedrive.put_lead("a", ago(3), person_id=7)
        pipedrive.put_lead("b", ago(2))
        pipedrive.put_lead("c", ago(1), person_id=99)
        found = await polled(source, SINCE, fields=frozenset({"title", "person"}))
    one, two, three = records_of(found)
    assert one.fields["person"]["first_name"] == "Ada"
    assert one.fields["person"]["roof"] == "slate"
    assert [each["value"] for each in one.fields["person"]["phones"]] == [
        "+1 804 555 0123",
        "+1 804 555 0111",
    ]
    assert two.fields["person"] is None
    assert three.fields["person"] is None
    assert [asked.query["ids"] for asked in pipedrive.asked("persons")] == ["7,99"]
    assert pipedrive.asked("/v1/persons") == []


async def test_persons_are_not_read_for_a_mapping_that_reads_none() -> None:
    async with company() as (pipedrive, source):
        pipedrive.put_lead("a", ago(3), person_id=7)
        found = await polled(source, SINCE, fields=frozenset({"title"}))
    assert "person" not in records_of(found)[0].fields
    assert pipedrive.asked("persons") == []


async def test_the_persons_of_a_large_page_are_read_a_hundred_at_a_time() -> None:
    async with company() as (pipedrive, source):
        for number in range(1, 251):
            pipedrive.put_person(number, ago(900))
            pipedrive.put_lead(f"lead-{number}", ago(5), person_id=number)
        found = await polled(source, SINCE)
    assert {record.fields["person"]["id"] for record in records_of(found)} == set(range(1, 251))
    assert len(pipedrive.asked("persons")) == 3


async def test_archived_leads_are_a_list_of_their_own_and_left_out() -> None:
    async with company() as (pipedrive, source):
        pipedrive.put_lead("1", ago(5))
        pipedrive.put_lead("2", ago(4), is_archived=True)
        assert keys(await polled(source)) == ["1"]
        assert pipedrive.asked(ARCHIVED) == []


async def test_archived_leads_are_read_by_choice_as_far_back_as_the_position() -> None:
    async with company(archived=True) as (pipedrive, source):
        for number in range(1, 31):
            pipedrive.put_lead(str(number), ago(100 - number), is_archived=True)
        pipedrive.put_lead("40", ago(74))
        found = await polled(source, Position(at=ago(73)), page_size=2)
        assert keys(found)[:4] == ["30", "29", "28", "27"]
        assert "40" not in keys(found)
        assert position_of(found) == Position(at=ago(73))
        assert len(pipedrive.asked(ARCHIVED)) == 3
        everything = await polled(source, page_size=2)
        assert set(keys(everything)) == {*all_of(30), "40"}
        assert all(page.position is None for page in everything[:15])
        window = Window(ago(80), ago(76))
        assert keys(await polled(source, window=window)) == ["23", "22", "21", "20"]


async def test_p1_a_lead_that_leaves_the_archive_while_it_is_read_makes_none_be_skipped() -> None:
    async with company(archived=True) as (pipedrive, source):
        fill(pipedrive, 9, is_archived=True)
        pipedrive.meanwhile = [lambda: pipedrive.put_lead("9", ago(0), is_archived=False)]
        found = await polled(source, page_size=3)
    assert set(keys(found)) == all_of(9)
    archived = [record.key for record in records_of(found) if record.fields["is_archived"]]
    assert len(archived) == len(set(archived))


async def test_p1_a_poll_broken_off_goes_on_before_what_was_not_read() -> None:
    async with company() as (pipedrive, source):
        fill(pipedrive, 9)
        pages = source.poll(PollRequest(SINCE, page_size=3))
        first = await anext(pages)
        await pages.aclose()
        rest = await polled(source, first.position, page_size=3)
    assert {*keys([first]), *keys(rest)} == all_of(9)


async def test_single_leads_are_read_again_archived_ones_too() -> None:
    async with company() as (pipedrive, source):
        pipedrive.put_person(7, ago(900), name="Ada")
        pipedrive.put_lead("a-1", ago(5), person_id=7)
        pipedrive.put_lead("a-2", ago(5), is_archived=True)
        found = await source.fetch(["a-1", "a-2", "a-3", "../persons"])
    assert [record.key for record in found] == ["a-1", "a-2"]
    assert found[0].fields["person"]["name"] == "Ada"


async def test_something_else_than_leads_is_set_aside() -> None:
    async with company() as (pipedrive, source):
        odd = say.page_v1(["text", {"title": "no id"}, say.lead("1", ago(5), {})], 0, 500, more=False)
        pipedrive.answer_next(odd, LEADS)
        found = await polled(source, SINCE)
    assert keys(found) == ["1"]
    assert [each.reason for page in found for each in page.bad] == ["it is no object", "it has no id"]


async def test_it_knows_the_names_of_all_that_a_lead_can_have() -> None:
    custom = "d4de1c1518b4531717c676029a45911c340390a6"
    async with company() as (pipedrive, source):
        pipedrive.put_lead("1", ago(5), **{custom: "slate"})
        assert {"id", "title", "person", "is_archived", "update_time", custom} <= set(await source.fields())
        assert records_of(await polled(source))[0].fields[custom] == "slate"


async def test_check_says_what_there_is_and_what_is_left_of_the_day() -> None:
    async with company(archived=True) as (pipedrive, source):
        pipedrive.put_lead("1", ago(5))
        pipedrive.put_lead("2", ago(50))
        said = await source.check()
    assert said == (
        f"{pipedrive.url('/v1/leads')}: leads can be read, the newest change of 2026-03-04 11:55 UTC, "
        "29,980 of 30,000 tokens of today left"
    )
    assert len(pipedrive.asked(ARCHIVED)) == 1


async def test_check_finds_that_the_persons_of_leads_may_not_be_read() -> None:
    async with company() as (pipedrive, source):
        pipedrive.scopes.remove("persons")
        with pytest.raises(Denied, match=r"403.*contacts:read"):
            await source.check()


async def test_the_newest_moment_is_pipedrives_own() -> None:
    async with company() as (pipedrive, source):
        pipedrive.clock.slept.append(7200)
        assert await source.latest() == Position(at=ago(-120))


async def test_p1_a_page_of_nothing_that_says_there_is_more_is_not_the_end() -> None:
    async with company() as (pipedrive, source):
        pipedrive.answer_next(say.page_v1([], 0, 100, more=True), LEADS)
        with pytest.raises(Unavailable, match="nothing, and says there is more"):
            await polled(source, SINCE)
