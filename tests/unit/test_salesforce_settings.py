"""What may stand under `type: salesforce`, what is said about the rest, and the SOQL that is made of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sources._salesforce.addresses import audience, token_url
from sources._salesforce.choosing import Selection, guessed
from sources._salesforce.soql import Query, after, moment, quoted
from sources.salesforce import SalesforceSettings
from tests.doubles.soql import Kind, Parser, run

APP = {"url": "https://acme.my.salesforce.com", "client_id": "me", "client_secret": "secret-made-up"}
JWT = {"client_id": "me", "username": "leads@example.com", "private_key": "key-made-up"}
KINDS = {"Lead": Kind("Lead", {"Id": "id", "LastName": "string", "SystemModstamp": "datetime"})}


def settings(**said: Any) -> SalesforceSettings:
    return SalesforceSettings.model_validate({**APP, **said})


def test_three_lines_are_enough() -> None:
    made = settings()
    assert (made.object, made.key, made.changed, made.api_version) == ("Lead", "Id", "SystemModstamp", "62.0")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"url": "acme.my.salesforce.com"}, "https://acme.my.salesforce.com"),
        (
            {"url": "https://acme.lightning.force.com/lightning/page"},
            "log in at https://acme.my.salesforce.com",
        ),
        ({"url": None}, "at the My Domain only"),
        ({"client_secret": None}, "There is client_id"),
        ({"username": "leads@example.com"}, "it needs client_id and client_secret; or"),
        ({"object": "Lead; DELETE"}, "pattern"),
        ({"changed": "Owner.LastModifiedDate"}, "pattern"),
        ({"filter": "Status = 'New"}, "a quote is not closed"),
        ({"filter": "Status = 'New') OR (Id != null"}, "closed that was not opened"),
        ({"filter": "(Status = 'New'"}, "a parenthesis is not closed"),
        ({"object": "Contact", "include_converted": False}, "Contact has no IsConverted"),
        ({"api_version": "latest"}, "pattern"),
        ({"fliter": "x"}, "fliter"),
    ],
)
def test_p10_what_cannot_work_is_said_without_what_was_given(said: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        settings(**said)
    assert told in str(caught.value)
    assert "made-up" not in str(caught.value)


@pytest.mark.parametrize(
    ("given_as", "is_"),
    [
        ({"filter": " WHERE Status = 'New' "}, {"filter": "Status = 'New'"}),
        ({"filter": "LastName = ') OR ('"}, {"filter": "LastName = ') OR ('"}),
        ({"url": "https://acme.my.salesforce.com/"}, {"url": "https://acme.my.salesforce.com"}),
        ({"api_version": "v59.0"}, {"api_version": "59.0"}),
        ({"api_version": 59.0}, {"api_version": "59.0"}),
        ({"key": "ID"}, {"key": "Id"}),
    ],
)
def test_ways_of_writing(given_as: dict[str, Any], is_: dict[str, Any]) -> None:
    made = settings(**given_as)
    assert {name: getattr(made, name) for name in is_} == is_


@pytest.mark.parametrize(
    ("url", "sandbox", "whom"),
    [
        (None, False, "login"),
        (None, True, "test"),
        ("https://acme.my.salesforce.com", False, "login"),
        ("https://acme--dev.sandbox.my.salesforce.com", False, "test"),
        ("https://test.salesforce.com", False, "test"),
    ],
)
def test_where_to_log_in_and_whom_a_jwt_is_for(url: str | None, sandbox: bool, whom: str) -> None:
    host = url or f"https://{whom}.salesforce.com"
    assert token_url(url, sandbox=sandbox) == f"{host}/services/oauth2/token"
    assert audience(url, sandbox=sandbox) == f"https://{whom}.salesforce.com"


def test_a_jwt_needs_no_my_domain() -> None:
    assert SalesforceSettings.model_validate(JWT).url is None


def test_p10_secrets_are_not_shown() -> None:
    both = repr(settings()) + repr(SalesforceSettings.model_validate(JWT))
    assert "made-up" not in both


@given(st.text(max_size=20))
def test_any_text_is_one_literal(text: str) -> None:
    query = Query("Lead", ("Id",), (f"LastName = {quoted(text)}",))
    row = {"Id": "1", "LastName": text, "SystemModstamp": None}
    assert run(Parser(str(query), KINDS).parse(), [row]) == [row]


@given(st.datetimes(datetime(1999, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)))
def test_any_time_is_a_literal_in_utc_without_a_plus(at: datetime) -> None:
    text = moment(at.astimezone(timezone(timedelta(hours=5, minutes=30))))
    assert re.fullmatch(r"[\d:T.-]+Z", text)
    assert timedelta(0) <= at - datetime.fromisoformat(text) < timedelta(milliseconds=1)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6)), max_size=12, unique_by=lambda pair: pair[1]),
    st.integers(0, 3),
    st.integers(0, 6),
)
def test_p1_what_is_behind_a_place_is_what_sorts_behind_it(
    pairs: list[tuple[int, int]], second: int, number: int
) -> None:
    base = datetime(2026, 3, 3, tzinfo=UTC)
    rows = [
        {"Id": f"00Q{each}", "LastName": "x", "SystemModstamp": base + timedelta(seconds=at)}
        for at, each in pairs
    ]
    place = base + timedelta(seconds=second), f"00Q{number}"
    query = Query("Lead", ("Id",), (after("SystemModstamp", place),), ("SystemModstamp", "Id"))
    expected = sorted((row["SystemModstamp"], row["Id"]) for row in rows)
    found = run(Parser(str(query), KINDS).parse(), rows)
    assert [(row["SystemModstamp"], row["Id"]) for row in found] == [
        each for each in expected if each > place
    ]


@pytest.mark.parametrize(
    ("reads", "chosen"),
    [
        ({"Email"}, ["Email"]),
        ({"Owner", "Owner.Name"}, ["Owner.Name"]),
        ({"Owner", "Owner.Manager", "Owner.Manager.Name"}, ["Owner.Manager.Name"]),
        ({"Partner__r", "Partner__r.City__c"}, ["Partner__r.City__c"]),
        ({"Place__c", "Place__c.latitude"}, ["Place__c"]),
        ({"Address", "Address.city"}, ["Address"]),
        ({"Lead No."}, None),
        ({"Tags__c", "Tags__c[0]"}, None),
    ],
)
def test_what_is_guessed_from_names(reads: set[str], chosen: list[str] | None) -> None:
    assert guessed(frozenset(reads)) == chosen


def test_nothing_is_selected_twice() -> None:
    assert Selection.of(("Id", "SystemModstamp", "Id"), ("ID", "Email")).fields == (
        "Id",
        "SystemModstamp",
        "Email",
    )
