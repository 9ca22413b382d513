"""What of a lead leaves this program, for each kind of endpoint."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.endpoints import endpoint_types
from sync.endpoints._lead_json import V1_NAMES
from sync.lead import FIELDS, Lead

STANDARD = {
    "id": "L-1",
    "contactID": "C-1",
    "firstName": "Ada",
    "lastName": "Lovelace",
    "phoneNumber": "8045550123",
    "email": "ada@example.com",
    "status": "new",
    "createdAt": "2020-01-02T15:04:05-0700",
    "updatedAt": "2020-01-03T15:04:05+0000",
}
SETTINGS: dict[str, dict[str, Any]] = {
    "hatch": {"department_id": "sales", "api_key": "k", "source": "acme"},
    "hatch_v1": {"api_key": "k", "source": "custom:acme"},
    "http": {"url": "https://hooks.example.com/leads"},
}


def body(type_name: str, lead: Lead, **settings: Any) -> Any:
    cls = endpoint_types()[type_name]
    return orjson.loads(cls(cls.Settings.model_validate({**SETTINGS[type_name], **settings})).body(lead))


def test_the_standard_api_wants_one_flat_object() -> None:
    assert body("hatch", Lead(STANDARD, {"campaign": "spring"})) == {
        "source": "acme",
        **STANDARD,
        "campaign": "spring",
    }


def test_the_newer_api_has_other_names_and_a_place_for_customs() -> None:
    sent = body("hatch_v1", Lead(STANDARD, {"campaign": "spring"}))
    assert sent == {
        "source": "custom:acme",
        "externalID": "L-1",
        "externalContactID": "C-1",
        "firstName": "Ada",
        "lastName": "Lovelace",
        "phoneNumber": "8045550123",
        "email": "ada@example.com",
        "status": "new",
        "externalCreatedAt": "2020-01-02T15:04:05-0700",
        "externalUpdatedAt": "2020-01-03T15:04:05+0000",
        "details": {"campaign": "spring"},
    }
    assert set(V1_NAMES) <= set(FIELDS)


def test_any_json_endpoint_has_them_flat_or_nested_with_a_source_or_without() -> None:
    lead = Lead({"email": "ada@example.com"}, {"campaign": "spring"})
    assert body("http", lead) == {"email": "ada@example.com", "campaign": "spring"}
    assert body("http", lead, source="acme", nest_custom="details") == {
        "source": "acme",
        "email": "ada@example.com",
        "details": {"campaign": "spring"},
    }


def test_no_custom_property_takes_the_place_of_a_standard_one() -> None:
    lead = Lead({"email": "ada@example.com"}, {"source": "theirs", "email": "x", "id": "y", "note": "z"})
    assert body("hatch", lead) == {"source": "acme", "email": "ada@example.com", "note": "z"}
    assert body("hatch_v1", lead)["details"] == {"note": "z"}


@pytest.mark.parametrize("type_name", SETTINGS)
def test_nothing_empty_is_sent(type_name: str) -> None:
    sent = body(
        type_name, Lead({"email": "ada@example.com", "status": ""}, {"note": ""}), **SETTINGS[type_name]
    )
    assert set(sent) - {"source"} == {"email"}


def test_half_a_character_costs_no_lead() -> None:
    lead = Lead({"email": "ada@example.com", "firstName": "A\ud83dda"}, {"n\udc00": "ok"})
    assert body("hatch", lead) == {
        "source": "acme",
        "email": "ada@example.com",
        "firstName": "A\ufffdda",
        "n\ufffd": "ok",
    }


texts = st.text(st.characters(codec=None), max_size=10)


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(FIELDS), texts), st.dictionaries(texts.filter(bool), texts, max_size=5)
)
def test_what_is_sent_is_flat_text_whatever_the_lead_holds(standard, custom) -> None:
    sent = body("hatch", Lead(standard, custom))
    assert sent.pop("source") == "acme"
    assert all(isinstance(value, str) and value for value in sent.values())
    newer = body("hatch_v1", Lead(standard, custom))
    details = newer.pop("details", {})
    assert all(isinstance(value, str) and value for value in (*newer.values(), *details.values()))
