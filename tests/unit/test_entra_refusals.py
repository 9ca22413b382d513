"""What Entra ID's numbers mean, wherever they stand, and that its own words are not repeated."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from sources._microsoft.refusals import advice_on
from sources.errors import Denied
from tests.dynamics_scene import environment

REDIRECT = "http://127.0.0.1:8721/callback"


def described(number: int, words: str = "Something for ada@example.com.") -> dict[str, Any]:
    return {"error": "invalid_grant", "error_description": f"AADSTS{number}: {words}\r\nTrace ID: 3939d04c"}


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (7000215, "the client secret is wrong; give its value, not its id"),
        (7000222, "the client secret has expired; make a new one"),
        (700016, "are `tenant` and `client_id` right"),
        (90002, "there is no such tenant"),
        (65001, "let an administrator grant it"),
        (65004, "the person did not agree"),
        (50034, "this tenant has no such user"),
        (50126, "the user's name or password is wrong"),
        (50020, "belongs to another organisation"),
        (50076, "a second factor; authorise it again"),
        (700082, "not used for too long; authorise it again"),
    ],
)
@pytest.mark.parametrize("codes", [True, False], ids=["as a code", "in words"])
def test_the_commonest_numbers_are_told_with_what_to_do(number: int, words: str, codes: bool) -> None:
    said = {"error_codes": [number]} if codes else described(number)
    told = advice_on(said) or ""
    assert words in told
    assert told.endswith(f"(AADSTS{number})")


def test_a_number_that_is_known_counts_before_one_that_is_not() -> None:
    told = advice_on({"error_codes": [1234567], **described(50126)})
    assert told == "the user's name or password is wrong (AADSTS50126)"


def test_an_unknown_number_is_told_with_where_it_is_explained_and_nothing_else_of_the_words() -> None:
    told = advice_on(described(1234567, "Secret mAd~8Q-up of ada@example.com"))
    assert told == (
        "AADSTS1234567, which is explained at https://login.microsoftonline.com/error?code=1234567"
    )


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"error_codes": "7000215"},
        {"error_codes": [True, None, "7000215"]},
        {"error_description": ["AADSTS7000215"]},
        {"error_description": "The client secret is wrong"},
        {"error_description": "XAADSTS7000215 AADSTS1"},
    ],
)
def test_what_has_no_number_is_left_to_others(said: dict[str, Any]) -> None:
    assert advice_on(said) is None


async def test_what_the_browser_brings_back_is_told_by_its_number() -> None:
    async with environment(authorized=True) as (_, source):
        attempt = source.authorization().begun(REDIRECT)
    said = described(65004) | {"state": attempt.state, "error": "access_denied"}
    with pytest.raises(Denied, match=r"said no \(access_denied\): the person did not agree.*AADSTS65004\)"):
        attempt.code_of(f"{REDIRECT}?{urlencode(said)}")
    del said["error_description"]
    with pytest.raises(Denied, match="somebody said no"):
        attempt.code_of(f"{REDIRECT}?{urlencode(said)}")
