from __future__ import annotations

import json

import pytest

from sync.sandbox import v1
from sync.sandbox.arrival import Refused
from sync.sandbox.rules import Rules

GOOD = {"source": "custom:mine", "phoneNumber": "8045550123"}
SOURCES = frozenset({"custom:mine"})


def read(document, content_type="application/json", **rules):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return v1.read(body, content_type, Rules().but(rules), SOURCES)


def errors(document, content_type="application/json", **rules):
    with pytest.raises(Refused) as refused:
        read(document, content_type, **rules)
    answer = refused.value.answer
    assert answer.status == 422
    listed = json.loads(answer.body)["errors"]
    assert all(each.keys() == {"title", "source", "detail"} for each in listed)
    assert {each["title"] for each in listed} == {"Invalid value"}
    return [(each["source"]["pointer"], each["detail"]) for each in listed]


@pytest.mark.parametrize(
    ("change", "pointer", "detail"),
    [
        ({"source": None}, "/source", "null value where string expected"),
        ({"source": 5}, "/source", "Invalid string. Got: integer"),
        ({"firstName": 5}, "/firstName", "Invalid string. Got: integer"),
        ({"firstName": 5.5}, "/firstName", "Invalid string. Got: number"),
        ({"status": True}, "/status", "Invalid string. Got: boolean"),
        ({"email": []}, "/email", "Invalid string. Got: array"),
        ({"externalID": {}}, "/externalID", "Invalid string. Got: object"),
        ({"externalCreatedAt": "soon"}, "/externalCreatedAt", 'Invalid format. Expected :"date-time"'),
        ({"externalUpdatedAt": 5}, "/externalUpdatedAt", "Invalid string. Got: integer"),
        ({"details": "red"}, "/details", "Invalid object. Got: string"),
        ({"details": None}, "/details", "null value where object expected"),
    ],
)
def test_schema_errors_have_the_texts_of_the_library_behind_it(change, pointer, detail):
    assert errors({**GOOD, **change}) == [(pointer, detail)]


def test_all_schema_errors_come_at_once():
    found = errors({"source": None, "firstName": 1, "details": 1, "externalCreatedAt": ""})
    assert [pointer for pointer, _ in found] == ["/details", "/externalCreatedAt", "/firstName", "/source"]


@pytest.mark.parametrize(
    ("document", "kind"), [([], "array"), ("x", "string"), (5, "integer"), (True, "boolean")]
)
def test_a_body_that_is_no_object(document, kind):
    assert errors(document) == [("/", f"Invalid object. Got: {kind}")]


def test_the_content_type_is_asked_for_first():
    assert errors(b"{", None) == [("/", "Missing header: content-type")]
    assert errors(b"{", "text/plain") == [("/", "Invalid value for header: content-type")]


def test_a_body_that_is_no_json_is_a_bad_request():
    with pytest.raises(Refused) as refused:
        read(b"{")
    assert refused.value.answer.status == 400


def test_null_is_allowed_and_unknown_properties_pass():
    nulls = dict.fromkeys(set(v1.NAMES) - {"source", "phoneNumber"})
    arrival = read({**GOOD, **nulls, "phone": "1", "zip": "2"})
    assert arrival.fields["email"] is None
    assert arrival.custom == {}


def test_names_are_those_of_the_standard_api_and_details_are_custom():
    arrival = read(
        {
            **GOOD,
            "externalID": "1",
            "externalContactID": "2",
            "externalCreatedAt": "2023-02-06 17:46:25Z",
            "details": {"color": "Blue", "n": [1]},
        }
    )
    assert (arrival.get("id"), arrival.get("contactID")) == ("1", "2")
    assert arrival.get("createdAt") == "2023-02-06 17:46:25Z"
    assert arrival.custom == {"color": "Blue", "n.0": "1"}


@pytest.mark.parametrize(
    ("document", "pointers"),
    [
        ({"phoneNumber": "8045550123"}, ["/source"]),
        ({**GOOD, "source": "custom:other"}, ["/source"]),
        ({"source": "custom:mine"}, ["/phoneNumber"]),
        ({"source": "custom:mine", "phoneNumber": None, "email": " "}, ["/phoneNumber"]),
        ({}, ["/source", "/phoneNumber"]),
    ],
)
def test_business_rules(document, pointers):
    assert [pointer for pointer, _ in errors(document)] == pointers


def test_any_source_passes_where_the_rule_says_so():
    assert read({**GOOD, "source": "anything"}, v1_sources="any")
    assert [pointer for pointer, _ in errors({**GOOD, "phoneNumber": "1"}, phone="us")] == ["/phoneNumber"]
