"""Records made examples: what is personal is replaced, what decides stays, and the outcome is the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from sources.base import Record
from sync.lead import Lead
from sync.mapping import parse_mapping
from sync.mapping.missing import WORDS
from sync.mapping.redacting import Unredactable, redacted_example

MAPPING = """
where: "stage != 'customer'"
lead:
  firstName: first
  lastName: last
  phoneNumber: { from: [mobile, phone], if_invalid: drop }
  email: { from: email, if_invalid: drop }
  status: { from: stage, values: { Closed Won: won, new: new } }
  createdAt: created
  contactID: { value: fixed }
custom:
  note: notes
  plan: plan
  big: { expr: "amount and amount|float > 10000" }
"""
RICH = {
    "first": "Maria",
    "last": "O'Brien",
    "mobile": "(804) 555-0161",
    "email": "Maria.OBrien@example.com",
    "stage": "Closed Won",
    "created": "2026-01-31T15:04:05Z",
    "notes": "Ask for Maria at 804 555 0161, or maria.obrien@example.com",
    "plan": "gold",
    "amount": "12500",
    "secret": "nobody reads this",
}


@cache
def mapping_of(text=MAPPING):
    return parse_mapping(text, "crm.yaml", timezone=ZoneInfo("UTC"))


def redacted(fields, text=MAPPING, key="7"):
    return redacted_example(mapping_of(text), Record(key, fields)).data


def test_a_record_becomes_one_of_nobody():
    found = redacted(RICH)
    assert found["record"] == {
        "first": "Robin",
        "last": "Sample",
        "mobile": "(212) 555-0100",
        "email": "person1@example.com",
        "stage": "Closed Won",
        "created": "2026-01-31T15:04:05Z",
        "notes": "Lorem ipsum Robin dolor 212 555 0100, sit person1@example.com",
        "plan": "gold",
        "amount": "12500",
    }
    assert found["key"] == "7"
    assert found["lead"]["status"] == "won"
    assert found["lead"]["phoneNumber"] == "2125550100"
    assert found["custom"]["big"] == "true"


def test_the_same_record_gives_the_same_example():
    assert redacted(RICH) == redacted(dict(RICH))


def test_what_is_skipped_or_set_aside_stays_so():
    assert redacted({**RICH, "stage": "customer"})["skip"] is True
    invalid = redacted({"first": "Ada", "mobile": "804", "stage": "new"})
    assert invalid["record"]["mobile"] != "804"
    assert "neither phoneNumber nor email" in invalid["invalid"]


@pytest.mark.parametrize(
    ("number", "made"),
    [
        ("(804) 555-0161", "(212) 555-0100"),
        ("804.555.0161", "212.555.0100"),
        ("+1 804 555 0161", "+1 212 555 0100"),
        ("1-804-555-0161 x42", "1-212-555-0100 x01"),
        ("+44 20 7946 0958", "+44 21 2555 0100"),
        (8045550161, 2125550100),
        (8045550161.0, 2125550100.0),
        (Decimal(8045550161), "2125550100"),
    ],
)
def test_a_phone_number_keeps_its_format(number, made):
    found = redacted({"phone": number, "stage": "new"})
    assert found["record"]["phone"] == made


def test_stand_ins_never_happen_to_be_the_original():
    fields = {"first": "Robin", "last": "Sample", "mobile": "(212) 555-0100", "email": "person1@example.com"}
    found = redacted({**fields, "stage": "new"})["record"]
    assert all(found[name] != value for name, value in fields.items())


def test_names_keep_their_capitals_and_what_stands_between():
    found = redacted(
        {"first": "ADA-MARIE", "last": "van der Berg, ph.d.", "mobile": "8045550161", "stage": "new"}
    )
    assert found["record"]["first"] == "ROBIN-SAMPLE"
    assert re.fullmatch(r"[a-z]+ [a-z]+ [A-Z][a-z]+, [a-z]+\.[a-z]\.", found["record"]["last"])


def test_an_e_mail_address_that_is_none_stays_none():
    found = redacted({"email": "maria@@example", "mobile": "8045550161", "stage": "new"})["record"]
    assert found["email"].count("@") == 2
    assert "maria" not in found["email"]


def test_only_what_is_read_is_written():
    text = (
        'lead: { email: person.email, phoneNumber: "phones[1].number" }\ncustom: { car: "{{ car.color }}" }\n'
    )
    fields = {
        "person": {"email": "ada@example.com", "ssn": "123-45-6789"},
        "phones": [
            {"number": "8045550161"},
            {"number": "8045550162", "label": "home"},
            {"number": "8045550163"},
        ],
        "car": {"color": "red", "plate": "ABC-1234"},
        "other": "thing",
    }
    assert redacted(fields, text)["record"] == {
        "person": {"email": "person1@example.com"},
        "phones": [None, {"number": "2125550100"}],
        "car": {"color": "red"},
    }


def test_days_stay_and_birthdays_go():
    text = "lead: { email: email, createdAt: made }\ncustom: { birthday: born, due: due }\n"
    fields = {
        "email": "ada@example.com",
        "made": datetime(2026, 1, 31, 15, tzinfo=UTC),
        "born": date(1815, 12, 10),
        "due": date(2026, 3, 1),
    }
    found = redacted(fields, text)["record"]
    assert (found["born"], found["due"]) == ("1980-01-01", "2026-03-01")
    assert found["made"].startswith("2026-01-31T15:00")


def test_a_key_that_says_who_it_is_is_replaced():
    assert (
        redacted({"mobile": "8045550161", "stage": "new"}, key="ada@example.com")["key"]
        == "person1@example.com"
    )
    assert redacted({"mobile": "8045550161", "stage": "new"}, key="8045550161")["key"] == "2125550100"
    assert (
        redacted({"first": "Chloe", "mobile": "8045550161", "stage": "new"}, key="chloe77")["key"]
        == "robin12"
    )


def test_what_counts_as_nothing_stays():
    fields = {"first": "N/A", "email": " n/a", "mobile": "--", "phone": "8045550161", "stage": "new"}
    found = redacted(fields)["record"]
    assert (found["first"], found["email"], found["mobile"]) == ("N/A", " n/a", "--")


def test_what_when_and_lookups_look_at_stays(tmp_path):
    (tmp_path / "reps.csv").write_text("owner_id,name\nR7,Jane Roe\n")
    text = (
        "lead: { phoneNumber: phone, status: [{ value: won, when: \"phase == 'Closed Won'\" }, phase] }\n"
        "custom: { rep: { lookup: { file: reps.csv, key: owner_id, value: name }, otherwise: reject } }\n"
    )
    mapping = parse_mapping(text, "crm.yaml", timezone=ZoneInfo("UTC"), directory=tmp_path)
    record = Record("7", {"phone": "8045550161", "phase": "Closed Won", "owner_id": "R7"})
    found = redacted_example(mapping, record).data
    assert (found["record"]["phase"], found["record"]["owner_id"]) == ("Closed Won", "R7")
    assert (found["lead"]["status"], found["custom"]["rep"]) == ("won", "Jane Roe")


def test_a_mapping_that_decides_by_a_person_gets_no_example():
    text = "where: \"first != 'x' and first|length == 9\"\nlead: { phoneNumber: phone, firstName: first }\n"
    with pytest.raises(Unredactable, match="it goes, and redacted it is skipped"):
        redacted({"first": "Ferdinand", "phone": "8045550161"}, text)


def test_what_a_condition_asks_for_in_so_many_words_stays():
    text = "where: \"owner == 'Jane Doe'\"\nlead: { phoneNumber: phone }\ncustom: { owner: owner }\n"
    assert redacted({"owner": "Jane Doe", "phone": "8045550161"}, text)["record"]["owner"] == "Jane Doe"
    assert redacted({"owner": "Bob Miller", "phone": "8045550161"}, text)["record"]["owner"] == "Robin Sample"


LETTERS = st.characters(categories=["Lu", "Ll", "Lo", "Mn"], max_codepoint=0x2FFF)
PART = st.builds(
    "{}{}".format,
    st.characters(categories=["Lu", "Ll", "Lo"], max_codepoint=0x2FFF),
    st.text(LETTERS, min_size=2, max_size=9),
)
NAME = st.lists(PART, min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from([" ", "-", ", "]).map(lambda s: s.join(parts))
)
LOCAL = st.from_regex(r"[a-z][a-z0-9]{2,10}(?:[._+-][a-z0-9]{1,8})?", fullmatch=True)
EMAIL = st.builds("{}@{}.example".format, LOCAL, st.from_regex(r"[a-z]{3,10}", fullmatch=True))
NUMBER = st.from_regex(r"[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True)
FORMAT = st.sampled_from(
    ["{0}", "({0:.3}) {1}-{2}", "{0:.3}.{1}.{2}", "+1 {0:.3} {1} {2}", "1-{0:.3}-{1}-{2}"]
)
AROUND = st.text(st.characters(categories=["Lu", "Ll", "Po", "Zs"], max_codepoint=0x17F), max_size=30)


def texts(value):
    if isinstance(value, Mapping):
        return [text for inner in value.values() for text in texts(inner)]
    return [str(value)]


def written(number, shape):
    return shape.format(number, number[3:6], number[6:])


# A busy machine draws slowly.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    first=NAME, last=NAME, email=EMAIL, number=NUMBER, shape=FORMAT, around=AROUND, key=st.integers(1, 9999)
)
@example("Robin", "Sample", "person1@example.com", "2125550100", "({0:.3}) {1}-{2}", "lorem", 7)
def test_nothing_of_a_person_survives(first, last, email, number, shape, around, key):  # noqa: PLR0917 - as drawn
    notes = f"{around} {first} / {last} <{email}> {written(number, shape)} {around} {email.upper()}"
    fields = {"first": first, "last": last, "email": email, "mobile": written(number, shape), "notes": notes}
    whole = {**fields, "stage": "new", "plan": "gold"}
    assume({first, last}.isdisjoint(WORDS))
    assume(isinstance(mapping_of().apply(Record(str(key), whole)), Lead))
    found = redacted(whole, key=str(key))
    said = " | ".join(texts(found)).casefold()
    assert email.casefold() not in said
    assert number not in re.sub(r"\D", "", said)
    assert number[-7:] not in re.sub(r"[^\d|]", "", said)
    words = set(re.findall(r"[^\W\d_]+", said))
    for word in re.split(r"[ ,-]+", f"{first} {last}"):
        assert word.casefold() not in words - {"gold", "fixed", "new"}
