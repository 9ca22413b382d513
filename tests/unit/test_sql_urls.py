"""What a URL holds that nobody may see, and what a driver stumbles over without its doing."""

from __future__ import annotations

import pytest

from sources._sql.url_options import options_refused
from sources._sql.urls import read_url, secrets_of
from sources.errors import BadConfig, Unavailable


@pytest.mark.parametrize(
    ("url", "secrets"),
    [
        ("postgresql://me:p%40ss@db.example.com/shop", ["p%40ss", "p@ss"]),
        ("postgresql://db.example.com/shop?password=made-up&sslmode=require", ["made-up"]),
        ("oracle://db.example.com/?service_name=SHOP&wallet_password=w%2F1", ["w%2F1", "w/1"]),
        ("snowflake://me@my-account/SHOP?token=one&token=another", ["another", "one"]),
        ("sqlite:///shop.db", []),
    ],
)
def test_p10_secrets_stand_in_passwords_and_in_options(url: str, secrets: list[str]) -> None:
    assert secrets_of(read_url(url)) == secrets


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("mysql://db.example.com/shop", Unavailable),
        ("mysql://db.example.com/shop?charset=klingon", BadConfig),
    ],
)
def test_a_driver_that_stumbles_is_only_told_otherwise_where_it_was_told_something(
    url: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind, match="AttributeError"), options_refused(read_url(url)):
        raise AttributeError("'NoneType' object has no attribute 'encoding'")
