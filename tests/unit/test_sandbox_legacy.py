from __future__ import annotations

import json

import pytest

from sync.sandbox import legacy
from sync.sandbox.arrival import Refused
from sync.sandbox.rules import Rules

GOOD = {"source": "my_company", "phoneNumber": "8045550123"}
JSON = "application/json"


def read(document, content_type=JSON, **rules):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return legacy.read(body, content_type, Rules().but(rules))


def refusal(document, content_type=JSON, **rules):
    with pytest.raises(Refused) as refused:
        read(document, content_type, **rules)
    answer = refused.value.answer
    assert answer.status == 400
    assert json.loads(answer.body) == {"errors": [answer.reason]}
    return answer.reason


def test_documented_properties_are_told_from_custom_ones():
    arrival = read({**GOOD, "id": "1", "contactID": "2", "contactId": "3", "nested": {"color": "red"}})
    assert arrival.fields == {**GOOD, "id": "1", "contactID": "2"}
    assert arrival.custom == {"contactId": "3", "nested.color": "red"}


def test_the_documented_example_is_taken():
    arrival = read(
        {
            "firstName": "John",
            "lastName": "Doe",
            "phoneNumber": "8045550123",
            "email": "",
            "source": "my_company_name",
            "status": "my_lead_status",
            "contactID": "1001123123900",
            "createdAt": "2020-01-02T15:04:05-0700",
            "myCustomNestedObject": {"color": "red", "model": "toyota"},
        }
    )
    assert "email" not in arrival.fields
    assert arrival.fields["createdAt"] == "2020-01-02T15:04:05-0700"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"source": NaN}', "not JSON"),
        (b"\xff", "not JSON"),
        ([], "JSON object, not array"),
        (None, "JSON object, not null"),
        ({"phoneNumber": "8045550123"}, "source is required"),
        ({**GOOD, "source": " "}, "source is required"),
        ({**GOOD, "source": 1}, "source must be a string, not integer"),
        ({"source": "x"}, "phoneNumber or email is required"),
        ({"source": "x", "phoneNumber": " ", "email": ""}, "phoneNumber or email is required"),
        ({**GOOD, "phoneNumber": 8045550123}, "phoneNumber must be a string, not integer"),
        ({**GOOD, "id": 1.5}, "id must be a string, not number"),
        ({**GOOD, "lastName": None}, "lastName must be a string, not null"),
        ({**GOOD, "status": {"a": 1}}, "status must be a string, not object"),
        ({**GOOD, "email": True}, "email must be a string, not boolean"),
        ({**GOOD, "createdAt": "2020-01-02"}, "createdAt must be a timestamp"),
        ({**GOOD, "updatedAt": "2020-01-02T15:04:05Z"}, "updatedAt must be a timestamp"),
        ({**GOOD, "updatedAt": ""}, "updatedAt must be a timestamp"),
    ],
)
def test_strict_rules_refuse_and_name_the_property(document, said):
    reason = refusal(document)
    assert said in reason
    assert "8045550123" not in reason


def test_a_phone_beyond_the_us_is_refused_only_where_the_rule_says_so():
    strange = {**GOOD, "phoneNumber": "555-0123"}
    assert read(strange).get("phoneNumber") == "555-0123"
    assert refusal(strange, phone="us") == "phoneNumber must be a US phone number"
    assert read({"source": "x", "email": "a@example.com"}, phone="us")


def test_lenient_types_write_numbers_as_text_and_take_null_for_absent():
    arrival = read({**GOOD, "id": 7, "contactID": 1.5, "status": True, "lastName": None}, types="lenient")
    assert arrival.fields == {**GOOD, "id": "7", "contactID": "1.5", "status": "true"}
    assert "not array" in refusal({**GOOD, "id": []}, types="lenient")


def test_lenient_timestamps_take_rfc_3339():
    assert read({**GOOD, "createdAt": "2020-01-02T15:04:05Z"}, timestamps="lenient")


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"]
)
def test_another_content_type_is_refused_unless_the_rule_is_lenient(content_type):
    assert "Content-Type" in refusal(GOOD, content_type)
    assert legacy.read(json.dumps(GOOD).encode(), content_type, Rules(content_type="lenient"))


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_parameters_and_letter_case_of_the_content_type_do_not_matter(content_type):
    assert read(GOOD, content_type)
