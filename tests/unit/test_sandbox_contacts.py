from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.sandbox.arrival import Arrival
from sync.sandbox.contacts import Contacts
from sync.sandbox.flatten import flatten
from sync.sandbox.identity import email_key, phone_key, us_phone
from sync.sandbox.rules import Rules

PHONES = ["", "8045550101", "(804) 555-0101", "+1 804-555-0101", "8045550102", "555-0103"]
EMAILS = ["", "a@example.com", " A@Example.com ", "b@example.com", "c@example.com"]
IDS = ["", "1", "2", "3"]


@st.composite
def arrivals(draw):
    fields = {"source": "x"}
    for name, values in (("phoneNumber", PHONES), ("email", EMAILS), ("id", IDS)):
        if value := draw(st.sampled_from(values)):
            fields[name] = value
    if "phoneNumber" not in fields and "email" not in fields:
        fields["email"] = "a@example.com"
    return draw(st.sampled_from(["d1", "d2"])), fields


class Model:
    """Matching by looking at every contact, oldest first; no index that could go stale."""

    def __init__(self, rules):
        self.rules, self.contacts = rules, []

    def store(self, department, fields):
        contact = self.find(department, fields) if self.rules.dedup == "match" else None
        if contact is None:
            contact = {"department": department, "fields": {}, "ids": [], "texts": 0}
            self.contacts.append(contact)
        lead = fields.get("id", "")
        known = lead != "" and lead in contact["ids"]
        contact["texts"] += 1 if self.rules.text_on_update or not known else 0
        contact["ids"].append(lead)
        contact["fields"] |= fields

    def find(self, department, fields):
        for name, key in (("phoneNumber", phone_key), ("email", email_key)):
            for contact in self.contacts:
                same = key(contact["fields"].get(name)) == key(fields.get(name)) != ""
                if same and contact["department"] == department:
                    return contact
        return None


@given(
    st.lists(arrivals(), max_size=30),
    st.sampled_from(["match", "none"]),
    st.booleans(),
)
def test_matching_and_texts_are_those_of_a_simple_model(sent, dedup, text_on_update):
    rules = Rules(dedup=dedup, text_on_update=text_on_update)
    book, model = Contacts(), Model(rules)
    for now, (department, fields) in enumerate(sent):
        book.store(department, Arrival(fields, {}), rules, float(now))
        model.store(department, fields)
    stored = sorted(book.by_number.values(), key=lambda each: each.number)
    assert [(c.department, c.fields, c.texts, c.posts) for c in stored] == [
        (c["department"], c["fields"], c["texts"], len(c["ids"])) for c in model.contacts
    ]
    assert sum(book.texts_by_address.values()) == sum(each.texts for each in stored)
    if dedup == "none":
        assert sum(each.texts for each in stored) == len(sent)


def stored(book, rules=None, **fields):
    custom = fields.pop("custom", {})
    return book.store("d", Arrival({"source": "x", **fields}, custom), rules or Rules(), 0.0)


def test_a_new_contact_and_a_new_opportunity_text_and_an_update_does_not():
    book = Contacts()
    texts = [stored(book, phoneNumber="8045550101", id=lead).texts for lead in ("1", "1", "2", "1", "2")]
    assert texts == [1, 0, 1, 0, 0]
    assert len(book.by_number) == 1


def test_a_lead_without_an_id_is_an_opportunity_of_its_own_each_time():
    book = Contacts()
    assert [stored(book, phoneNumber="8045550101").texts for _ in range(3)] == [1, 1, 1]
    assert book.by_number[1].opportunity_count == 3


def test_the_phone_goes_before_the_email():
    book = Contacts()
    stored(book, phoneNumber="8045550101", email="a@example.com")
    stored(book, phoneNumber="8045550102", email="b@example.com")
    assert stored(book, phoneNumber="8045550102", email="a@example.com").contact.number == 2
    assert stored(book, phoneNumber="8045550109", email="a@example.com").contact.number == 1


def test_a_contact_is_no_longer_found_by_a_phone_it_had_before():
    book = Contacts()
    stored(book, phoneNumber="8045550101", email="a@example.com")
    stored(book, phoneNumber="8045550102", email="a@example.com")
    assert stored(book, phoneNumber="8045550101").contact.number == 2


def test_without_matching_one_person_is_seen_to_be_texted_often():
    book, rules = Contacts(), Rules(dedup="none")
    for lead in ("1", "1", "1"):
        stored(book, rules, phoneNumber="(804) 555-0101", id=lead)
    assert [(c.texts, book.texts_to_reader(c)) for c in book.by_number.values()] == [(1, 3)] * 3


def test_null_clears_a_property_and_absence_keeps_it():
    book = Contacts()
    stored(book, phoneNumber="8045550101", firstName="Ada", status="new")
    contact = stored(book, phoneNumber="8045550101", firstName=None).contact
    assert (contact.fields["firstName"], contact.fields["status"]) == ("", "new")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("8045550123", "+18045550123"),
        ("(804) 555-0123", "+18045550123"),
        ("1 804 555 0123", "+18045550123"),
        ("1045550123", None),
        ("5550123", None),
        ("", None),
        ("no digits", None),
    ],
)
def test_a_phone_is_read_as_hatchs_library_does(text, number):
    assert us_phone(text) == number


def test_custom_properties_are_flat_texts():
    custom = {"car": {"color": "red", "doors": [3, 5.5]}, "yes": True, "nil": None, "empty": {}, "big": 2**70}
    assert flatten(custom, ".") == {
        "car.color": "red",
        "car.doors.0": "3",
        "car.doors.1": "5.5",
        "yes": "true",
        "nil": "",
        "empty": "",
        "big": "1180591620717411303424",
    }


def test_deep_nesting_is_no_problem():
    deep = "leaf"
    for _ in range(5000):
        deep = {"a": deep}
    assert list(flatten({"top": deep}, "/").values()) == ["leaf"]
