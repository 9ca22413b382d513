"""What is told by the values of columns, by their names, and by both."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from sources.base import Record
from sync.lead import Lead, Skip
from sync.mapping import parse_mapping
from sync.suggesting import choose, draft
from sync.suggesting.dates import times_in
from sync.suggesting.naming import CREATED, EMAIL, FIRST, IDENTITY, LAST, PHONE, STATUS, UPDATED, score
from sync.suggesting.phones import digits_of, region_of
from sync.suggesting.words import words_of

ZONE = ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("values", "form", "sure"),
    [
        (["1/31/2026", "2/3/2026"], "month_first", True),
        (["31/1/2026", "2/3/2026"], "day_first", True),
        (["1/2/2026 3:04 PM", "3/4/2026"], "month_first", False),
        (["01.02.2026", "03.04.2026"], "day_first", True),
        (["31/1/2026", "1/31/2026"], "day_first", False),
        (["2026-01-31", "2026-02-03T10:00:00Z"], None, True),
        (["Jan 31, 2026", "3 February 2026"], None, True),
        ([dt.date(2026, 1, 31), dt.datetime(2026, 1, 31)], None, True),
        ([46053, 46054.5], "excel", True),
        ([1769871845, 1769871845000], None, True),
        (["1/31/2026 at 3:04 PM"], "%m/%d/%Y at %I:%M %p", True),
    ],
)
def test_how_times_are_written_is_seen_from_them(values, form, sure):
    found = times_in(values)
    assert (found.format, found.sure, found.share_with_numbers) == (form, sure, 1)


@pytest.mark.parametrize("value", ["8045550123", "7", "2026", "Ada", "", True, None, [1], "12 Main St", 12.5])
def test_what_is_no_time(value):
    assert times_in([value]).share == 0


@pytest.mark.parametrize(
    ("value", "digits"),
    [
        ("(804) 555-0123", "8045550123"),
        ("p:+18045550123", "+18045550123"),
        ("0049 30 23125 100", "+493023125100"),
        (8045550123.0, "8045550123"),
        ("'+1 804.555.0123 x12", "+18045550123"),
        ("804-555-0123; 804-555-0124", "8045550123"),
        ("804-555-0123 / 804-555-0124", "8045550123"),
        ("2026-01-31", ""),
        ("555", ""),
        ("ada@example.com", ""),
        (True, ""),
        (float("nan"), ""),
    ],
)
def test_what_looks_like_a_phone_number(value, digits):
    assert digits_of(value) == digits


@pytest.mark.parametrize(
    ("values", "hints", "region"),
    [
        (["(804) 555-0123", "804 555 0124"], ("DE",), None),
        (["+49 30 23125100", "030 23125101"], (), "DE"),
        (["030 23125100", "0171 3920001"], ("DE", "AT"), "DE"),
        (["020 7946 0958", "0161 496 0123"], (), "GB"),
        (["+1 804 555 0123"], (), None),
        ([], (), None),
    ],
)
def test_the_country_of_numbers(values, hints, region):
    assert region_of(values, hints)[0] == region


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("leadStatus", ("lead", "status")),
        ("HSLeadStatus", ("hs", "lead", "status")),
        ("E-Mail-Adresse", ("email", "adresse")),
        ("Letzte Änderung", ("letzte", "anderung")),
        ("Straße", ("strasse",)),
        ("Phone2 #", ("phone", "2", "number")),
        ("LAST_UPD_DT", ("last", "updated", "date")),
    ],
)
def test_the_words_of_a_name(name, words):
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("Vorname", FIRST),
        ("prénom", FIRST),
        ("first_name", FIRST),
        ("Apellidos", LAST),
        ("Surname", LAST),
        ("phone_number", PHONE),
        ("Mobil", PHONE),
        ("Handy", PHONE),
        ("Telefon (privat)", PHONE),
        ("emailAddress", EMAIL),
        ("E-Mail-Adresse", EMAIL),
        ("Erstellt am", CREATED),
        ("created_time", CREATED),
        ("createdAt", CREATED),
        ("Date modified", UPDATED),
        ("properties.hs_lead_status", STATUS),
        ("Lead ID", IDENTITY),
    ],
)
def test_names_that_mean_a_field(name, target):
    assert score(words_of(name), target) >= 0.8


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("Company Name", LAST),
        ("Owner phone", PHONE),
        ("Fax", PHONE),
        ("Agent E-Mail", EMAIL),
        ("Date of birth", CREATED),
        ("Appointment date", CREATED),
        ("Last updated by", UPDATED),
        ("Payment status", STATUS),
        ("Campaign ID", IDENTITY),
    ],
)
def test_names_that_mean_somebody_or_something_else(name, target):
    assert score(words_of(name), target) < 0.5


def rows(**columns):
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def test_a_date_that_could_be_either_says_so_and_costs_only_the_field():
    choice = choose(rows(email=["ada@example.com"], created=["1/2/2026"]))
    text = draft(choice, "crm")
    assert "createdAt: { from: created, format: month_first, if_invalid: drop }  # unsure: no day" in text


def test_another_column_decides_between_day_and_month():
    choice = choose(rows(email=["ada@example.com"], created=["1/2/2026"], modified=["31/1/2026"]))
    assert choice.fields["createdAt"].format == "day_first"


def test_an_empty_column_is_taken_by_its_name_and_said():
    choice = choose(rows(email=["ada@example.com"], mobile=[None], SSN=["1"], color=[None]))
    text = draft(choice, "crm")
    assert "phoneNumber: mobile                       # unsure: empty in the sample" in text
    assert "  # ssn: SSN                                # looks sensitive" in text
    assert "  # color: color                            # empty in the sample" in text


def test_what_changes_all_the_time_is_not_sent_along():
    columns = {"last_visit": ["2026-01-31"], "properties.modified": ["2026-01-31"], "wedding": ["2026-01-31"]}
    text = draft(choose(rows(email=["ada@example.com"], updated_at=["2026-01-31"], **columns)), "crm")
    assert "  # lastVisit: last_visit" in text
    assert "  # propertiesModified: properties.modified" in text
    assert text.count("each change would send the lead again") == 2
    assert "  wedding: wedding" in text


def test_values_speak_where_a_name_does_not():
    choice = choose(rows(a=["ada@example.com"] * 3, b=["(804) 555-0123"] * 3, c=[8045550123] * 3))
    found = {name: field.columns[0].path for name, field in choice.fields.items()}
    assert found == {"email": "a", "phoneNumber": "b"}
    assert "unsure: only its values" in draft(choice, "crm")


def test_a_status_written_in_two_ways_is_listed_once():
    choice = choose(rows(email=["ada@example.com"] * 3, status=["New", "new", "Open"]))
    assert [seen for seen, _ in choice.fields["status"].values] == ["New", "Open"]


def test_a_status_with_somebody_in_it_is_not_listed():
    choice = choose(rows(email=["ada@example.com"] * 4, status=["new", "ask ada@example.com", "new", "new"]))
    assert choice.fields["status"].values == ()


def test_a_name_beside_a_first_name_is_the_last():
    choice = choose(rows(email=["ada@example.com"], Vorname=["Ada"], Name=["Archer"]))
    assert choice.fields["lastName"].columns[0].path == "Name"
    assert choice.fields["lastName"].part == ""


def test_a_whole_name_is_parted():
    records = rows(email=["ada@example.com"] * 2, name=["Ada Archer", "Kim, Wei"])
    mapping = parse_mapping(draft(choose(records), "crm"), "x", timezone=ZONE)
    leads = [mapping.apply(Record("1", record)).standard for record in records]
    assert [(each["firstName"], each["lastName"]) for each in leads] == [("Ada", "Archer"), ("Wei", "Kim")]


def test_who_opted_out_can_be_skipped_by_uncommenting_a_line():
    records = rows(email=["ada@example.com"] * 3, **{"Do Not Call": ["Yes", "no", None]})
    text = draft(choose(records), "crm").replace("# where:", "where:")
    mapping = parse_mapping(text, "x", timezone=ZONE)
    made = [type(mapping.apply(Record("1", record))) for record in records]
    assert made == [Skip, Lead, Lead]


def test_what_a_list_or_an_object_holds_is_found():
    record = {
        "id": 7,
        "person": {
            "name": "Ada Archer",
            "phones": [{"number": "804-555-0123"}],
            "emails": ["ada@example.com"],
        },
        "owner": {"name": "Kim", "email": "kim@example.com", "phone": "804-555-0124"},
    }
    found = {name: field.columns[0].path for name, field in choose([record] * 2).fields.items()}
    assert found == {
        "firstName": "person.name",
        "lastName": "person.name",
        "phoneNumber": "person.phones[0].number",
        "email": "person.emails[0]",
    }


def test_spreadsheet_days_are_read_as_such():
    records = rows(email=["ada@example.com"] * 2, Created=[46053, 46054.25])
    mapping = parse_mapping(draft(choose(records), "crm"), "x", timezone=ZONE)
    assert list(map(str, mapping.run_examples())) == []
    assert mapping.apply(Record("1", records[0])).standard["createdAt"] == "2026-01-31T00:00:00+0000"


def test_nothing_is_found_in_nothing():
    assert choose([]).fields == {}
    assert choose([], ["color"]).fields == {}


@pytest.mark.parametrize(
    "name",
    [
        "Do Not Call",
        "donotphone",
        "DND",
        "Email Opt Out",
        "Unsubscribed from all email",
        "has_opted_out_of_email",
    ],
)
def test_who_must_not_be_written_to_is_seen(name):
    choice = choose(rows(email=["ada@example.com"], **{name: ["true"]}))
    assert [column.path for column in choice.opt_outs] == [name]


@pytest.mark.parametrize("name", ["Call date", "Stop number", "Option", "Weekend"])
def test_and_not_where_it_is_not_meant(name):
    assert choose(rows(email=["ada@example.com"], **{name: ["true"]})).opt_outs == []
