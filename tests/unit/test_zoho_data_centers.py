"""Where each data center of Zoho gives its tokens: an account exists in one of them only."""

from __future__ import annotations

from typing import get_args
from urllib.parse import urlsplit

import pytest
from pydantic import ValidationError

from sources.zoho import ZohoSettings

APP = {"client_id": "1000.MADEUP", "client_secret": "made-up", "refresh_token": "1000.made-up"}
HOSTS = {
    "us": "accounts.zoho.com",
    "eu": "accounts.zoho.eu",
    "in": "accounts.zoho.in",
    "au": "accounts.zoho.com.au",
    "cn": "accounts.zoho.com.cn",
    "jp": "accounts.zoho.jp",
    "ca": "accounts.zohocloud.ca",
    "sa": "accounts.zoho.sa",
}


@pytest.mark.parametrize(("center", "host"), HOSTS.items())
def test_each_data_center_has_its_own(center: str, host: str) -> None:
    settings = ZohoSettings.model_validate({**APP, "data_center": center})
    assert urlsplit(settings.accounts).scheme == "https"
    assert urlsplit(settings.accounts).hostname == host


def test_all_that_there_are_are_tested() -> None:
    assert set(get_args(ZohoSettings.model_fields["data_center"].annotation)) == set(HOSTS)


def test_one_that_there_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValidationError, match="'us', 'eu'"):
        ZohoSettings.model_validate({**APP, "data_center": "uk"})
