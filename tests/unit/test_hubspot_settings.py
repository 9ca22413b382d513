"""What may stand under `type: hubspot`, and what is said about the rest."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sources._crm.wanted import wanted
from sources.hubspot import HubspotSettings

OAUTH = {"client_id": "me", "client_secret": "secret-made-up", "refresh_token": "refresh-made-up"}
NEEDS = (
    "it needs token; or client_id and client_secret; or client_id, client_secret and refresh_token. There is "
)


@pytest.mark.parametrize("given", [{"token": "pat-na1-made-up"}, OAUTH])
def test_a_token_or_all_of_oauth_is_enough(given: dict[str, Any]) -> None:
    assert HubspotSettings.model_validate(given).object == "contacts"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "nothing of that"),
        ({"client_id": "me"}, "client_id"),
        ({"client_id": "me", "refresh_token": "secret-made-up"}, "client_id and refresh_token"),
        ({"token": "pat-na1-made-up", **OAUTH}, "token, client_id, client_secret and refresh_token"),
    ],
)
def test_half_of_it_is_refused_and_not_repeated(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        HubspotSettings.model_validate(given)
    assert f"{NEEDS}{told} " in str(caught.value).replace("\n", " ")
    assert "made-up" not in str(caught.value)


@pytest.mark.parametrize("kind", ["contacts/search", "a b", "", "../x"])
def test_an_object_is_a_name_and_no_part_of_an_address(kind: str) -> None:
    with pytest.raises(ValidationError, match="object"):
        HubspotSettings(token="pat-na1-made-up", object=kind)


def test_leads_come_with_their_contacts_unless_that_is_said_otherwise() -> None:
    assert "phone" in HubspotSettings(token="pat", object="leads").joined["contacts"]
    assert HubspotSettings(token="pat", object="leads", associated={}).joined == {}
    assert HubspotSettings(token="pat").joined == {}


def test_secrets_are_not_shown() -> None:
    assert "made-up" not in repr(HubspotSettings.model_validate(OAUTH))


def test_fields_to_ask_for_are_those_that_are_read() -> None:
    assert wanted(None, always=["at"]) is None
    assert wanted(frozenset({"b", "id"}), always=["at"], never={"id"}) == ["at", "b"]
