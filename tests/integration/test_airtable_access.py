"""An integration that a person let into Airtable: refresh tokens good once, and what ends with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from sources._http import kept_access
from sources.airtable import Airtable, AirtableSettings
from sources.base import PollRequest
from sources.errors import Denied, Unavailable
from tests.airtable_scene import ago, by_an_integration
from tests.crm_scene import keys, opened, polled
from tests.doubles.airtable import BASE, SECRET, TOKEN, TOKENS, AirtableDouble
from tests.doubles.base import Reply, running

if TYPE_CHECKING:
    from pathlib import Path


async def test_p1_a_refresh_token_is_used_once_and_its_successor_is_kept_beyond_a_restart(
    tmp_path: Path,
) -> None:
    async with running(AirtableDouble()) as double:
        double.put("rec1", ago(5), name="Ada")
        said, given = by_an_integration(double), [double.refresh_token]
        for _hour in range(3):
            async with opened(Airtable, double, tmp_path, **said) as source:
                assert keys(await polled(source)) == ["rec1"]
            given.append(double.refresh_token)
            double.clock.slept.append(3_600)
            kept_access.forget()
    used = [asked.form["refresh_token"] for asked in double.asked(TOKENS)]
    assert used == given[:-1]
    assert len(set(given)) == 4


async def test_p1_a_successor_is_kept_before_the_access_that_came_with_it_is_used(tmp_path: Path) -> None:
    async with running(AirtableDouble()) as double:
        said, first = by_an_integration(double), double.refresh_token
        double.answer_next(Reply({"error": "SERVER_ERROR"}, status=503), "/listRecords$", times=4)
        async with opened(Airtable, double, tmp_path, **said) as source:
            with pytest.raises(Unavailable):
                await polled(source)
        kept_access.forget()
        async with opened(Airtable, double, tmp_path, **said) as source:
            await polled(source)
    used = [asked.form["refresh_token"] for asked in double.asked(TOKENS)]
    assert (used[0], len(set(used))) == (first, 2)


async def test_access_that_another_process_ended_by_renewing_is_renewed_in_the_middle_of_a_poll(
    tmp_path: Path,
) -> None:
    async with running(AirtableDouble()) as double:
        for number in (1, 2, 3):
            double.put(f"rec{number}", ago(5), name="Ada")
        said = by_an_integration(double)

        async def another_process() -> None:
            kept_access.forget()
            async with opened(Airtable, double, tmp_path, **said) as other:
                await other.check()

        async with opened(Airtable, double, tmp_path, **said) as source:
            found = []
            pages = source.poll(PollRequest(page_size=2))
            found.append(await anext(pages))
            await another_process()
            found += [page async for page in pages]
    assert keys(found) == ["rec1", "rec2", "rec3"]
    assert len(double.asked(TOKENS)) == 3


async def test_p10_a_refresh_token_that_was_used_elsewhere_is_denied_with_what_to_do(tmp_path: Path) -> None:
    async with running(AirtableDouble()) as double:
        said = by_an_integration(double)
        double.refresh_token = "refresh-of-somebody-else"
        async with opened(Airtable, double, tmp_path, **said) as source:
            with pytest.raises(Denied, match=r"used already.*authorise again") as caught:
                await polled(source)
    assert not any(secret in str(caught.value) for secret in (SECRET, "refresh-made-up"))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "There is nothing of that"),
        ({"token": TOKEN, "client_id": "x"}, "There is token and client_id"),
        ({"client_secret": SECRET}, "There is client_secret"),
        ({"client_id": "", "client_secret": SECRET}, "client_id"),
    ],
)
def test_p10_half_a_way_in_is_refused(said: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told) as caught:
        AirtableSettings.model_validate({"base": BASE, "table": "Leads", **said})
    assert SECRET not in str(caught.value)
