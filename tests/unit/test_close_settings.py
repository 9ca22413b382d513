"""What may stand under `type: close`, and what is said about the rest."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sources.close import CloseSettings

OAUTH = {"client_id": "me", "client_secret": "secret-made-up", "refresh_token": "refresh-made-up"}
NEEDS = (
    "it needs api_key; or client_id and client_secret; or client_id, client_secret and refresh_token. "
    "There is "
)


@pytest.mark.parametrize("given", [{"api_key": "made-up"}, OAUTH])
def test_a_key_or_all_of_oauth_is_enough(given: dict[str, Any]) -> None:
    assert CloseSettings.model_validate(given).base_url == "https://api.close.com"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "nothing of that"),
        ({"client_id": "me"}, "client_id"),
        ({"api_key": "made-up", **OAUTH}, "api_key"),
    ],
)
def test_half_of_it_is_refused_and_not_repeated(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        CloseSettings.model_validate(given)
    assert f"{NEEDS}{told}" in str(caught.value).replace("\n", " ")
    assert "made-up" not in str(caught.value)


def test_secrets_are_not_shown() -> None:
    assert "made-up" not in repr(CloseSettings.model_validate(OAUTH))
