"""What may stand under `type: pipedrive`, and what is said about the rest."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sources.pipedrive import PipedriveSettings

OAUTH = {"client_id": "me", "client_secret": "secret-made-up", "refresh_token": "refresh-made-up"}
NEEDS = (
    "it needs token; or client_id and client_secret; or client_id, client_secret and refresh_token. There is "
)


@pytest.mark.parametrize("given", [{"token": "made-up"}, OAUTH])
def test_a_token_or_all_of_oauth_is_enough(given: dict[str, Any]) -> None:
    assert PipedriveSettings.model_validate(given).object == "leads"


@pytest.mark.parametrize(
    ("given", "told"),
    [({}, "nothing of that"), ({"client_id": "me"}, "client_id"), ({"token": "made-up", **OAUTH}, "token")],
)
def test_half_of_it_is_refused_and_not_repeated(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        PipedriveSettings.model_validate(given)
    assert f"{NEEDS}{told}" in str(caught.value).replace("\n", " ")
    assert "made-up" not in str(caught.value)


def test_persons_are_not_archived() -> None:
    with pytest.raises(ValidationError, match="persons are not archived"):
        PipedriveSettings(token="made-up", object="persons", archived=True)


def test_other_objects_are_refused() -> None:
    with pytest.raises(ValidationError, match="object"):
        PipedriveSettings.model_validate({"token": "made-up", "object": "deals"})


def test_secrets_are_not_shown() -> None:
    assert "made-up" not in repr(PipedriveSettings.model_validate(OAUTH))
