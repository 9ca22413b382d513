"""What may stand under `type: servicetitan`, and where it leads."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sources.servicetitan import ServicetitanSettings

ACCESS = {
    "tenant": "555010123",
    "client_id": "cid",
    "client_secret": "secret-made-up",
    "app_key": "key-made-up",
}


@pytest.mark.parametrize(
    ("said", "api", "token"),
    [
        ({}, "https://api.servicetitan.io", "https://auth.servicetitan.io"),
        (
            {"environment": "integration"},
            "https://api-integration.servicetitan.io",
            "https://auth-integration.servicetitan.io",
        ),
        (
            {"base_url": "https://crm.example.com/", "auth_url": "https://login.example.com/"},
            "https://crm.example.com",
            "https://login.example.com",
        ),
    ],
)
def test_the_environment_says_where_to_ask(said: dict[str, Any], api: str, token: str) -> None:
    settings = ServicetitanSettings.model_validate({**ACCESS, **said})
    assert settings.api == f"{api}/crm/v2/tenant/555010123"
    assert settings.token_url == f"{token}/connect/token"


@pytest.mark.parametrize("missing", ACCESS)
def test_all_of_it_is_needed_and_none_of_it_repeated(missing: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ServicetitanSettings.model_validate(
            {name: value for name, value in ACCESS.items() if name != missing}
        )
    assert [error["loc"] for error in caught.value.errors()] == [(missing,)]
    assert "made-up" not in str(caught.value)


@pytest.mark.parametrize("tenant", ["acme", 0, -1])
def test_a_tenant_is_a_number(tenant: object) -> None:
    with pytest.raises(ValidationError, match="tenant"):
        ServicetitanSettings.model_validate({**ACCESS, "tenant": tenant})


def test_secrets_are_not_shown() -> None:
    assert "made-up" not in repr(ServicetitanSettings.model_validate(ACCESS))


@pytest.mark.parametrize("said", [{}, {"export": True, "object": "customers"}])
def test_deleted_leads_are_in_the_feed_alone(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="no list has deleted ones"):
        ServicetitanSettings.model_validate({**ACCESS, **said, "include_deleted": True})
