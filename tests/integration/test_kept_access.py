"""An access token serves all polls of its life, although each poll has an adapter of its own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from sources.base import SourceContext
from sources.errors import Denied
from sources.hubspot import Hubspot, HubspotSettings
from tests.doubles.base import Reply, running
from tests.doubles.hubspot import HubspotDouble
from tests.renewal_scene import UTC, WAYS, Plain, Way

if TYPE_CHECKING:
    from pathlib import Path

REST, BY_A_PERSON = WAYS["rest"], WAYS["rest by a person"]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_two_polls_are_one_renewal_and_a_401_is_one_more(way: Way, tmp_path: Path) -> None:
    async with running(way.double()) as double:
        for _poll in range(2):
            await way.poll(double, tmp_path)
        assert way.renewals(double) == 1
        way.end(double)
        for _poll in range(2):
            await way.poll(double, tmp_path)
        assert way.renewals(double) == 2


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_a_token_is_passed_on_until_just_before_its_end(way: Way, tmp_path: Path) -> None:
    async with running(way.double()) as double:
        ends = double.clock.monotonic() + way.lasts
        await way.poll(double, tmp_path)
        double.clock.slept.append(ends - 10 - double.clock.monotonic())
        await way.poll(double, tmp_path)
        assert way.renewals(double) == 1
        double.clock.slept.append(ends + 10 - double.clock.monotonic())
        await way.poll(double, tmp_path)
        assert way.renewals(double) == 2


@pytest.mark.parametrize("way", [REST, BY_A_PERSON], ids=["program", "person"])
async def test_sources_do_not_share_a_token(way: Way, tmp_path: Path) -> None:
    async with running(way.double()) as double:
        await way.poll(double, tmp_path, "first")
        double.refresh_token = "refresh-made-up-0"
        await way.poll(double, tmp_path, "second")
        assert way.renewals(double) == 2


@pytest.mark.parametrize(
    "changed", [{"scope": "leads.read"}, {"client_secret": "another"}, {"extra": {"audience": "another"}}]
)
async def test_a_changed_setting_asks_for_a_token_of_its_own(changed: dict[str, Any], tmp_path: Path) -> None:
    async with running(Plain()) as double:
        await REST.poll(double, tmp_path)
        auth = double.settings("oauth2_client_credentials", **changed)["auth"]
        await REST.poll(double, tmp_path, auth=auth)
        assert REST.renewals(double) == 2
        await REST.poll(double, tmp_path)  # put back
        assert REST.renewals(double) == 2


async def test_polls_at_one_time_renew_once(tmp_path: Path) -> None:
    async with running(Plain()) as double:
        await asyncio.gather(*(BY_A_PERSON.poll(double, tmp_path) for _poll in range(4)))
        assert BY_A_PERSON.renewals(double) == 1
        double.tokens.clear()
        await asyncio.gather(*(BY_A_PERSON.poll(double, tmp_path) for _poll in range(4)))
        assert BY_A_PERSON.renewals(double) == 2


async def test_a_token_that_is_never_taken_is_denied_and_not_passed_on(tmp_path: Path) -> None:
    async with running(Plain()) as double:
        double.answer_next(Reply(status=401), "/v1/contacts", times=2)
        with pytest.raises(Denied):
            await REST.poll(double, tmp_path)
        assert REST.renewals(double) == 2
        double.tokens.clear()
        await REST.poll(double, tmp_path)
        assert len(double.asked("/v1/contacts")) == 4


async def test_a_source_that_is_authorised_anew_is_read_by_that_from_the_next_poll_on(tmp_path: Path) -> None:
    def opened(double: HubspotDouble) -> Hubspot:
        said = {"client_id": "made-up", "client_secret": "secret-made-up", "base_url": double.url()}
        context = SourceContext("crm", tmp_path, UTC, tmp_path)
        return Hubspot(HubspotSettings.model_validate(said), context, double.clock)

    async def authorised(double: HubspotDouble, token: str) -> None:
        source = opened(double)
        store = source.authorization().store
        async with store.exclusive():
            await store.save(token)
        double.refresh_token = token
        await source.latest()
        await source.close()

    async with running(HubspotDouble()) as double:
        await authorised(double, "first-made-up")
        await authorised(double, "second-made-up")
        forms = [asked.form["refresh_token"] for asked in double.asked("/oauth/v1/token$")]
        used = [asked.headers["authorization"] for asked in double.asked("/crm/")]
    assert forms == ["first-made-up", "second-made-up"]
    assert used == ["Bearer oauth-access-1", "Bearer oauth-access-2"]
