"""What each word of the mapping language does to a record."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sources.base import Record
from sync.lead import Invalid, Lead, Skip
from sync.mapping import Mapping, parse_mapping

NEW_YORK = ZoneInfo("America/New_York")


def mapping(fields: str, before: str = "", after: str = "") -> Mapping:
    text = f"{before}\nlead:\n  email: {{ value: ada@example.com }}\n{fields}\n{after}"
    return parse_mapping(text, "mappings/x.yaml", timezone=NEW_YORK)


def lead(fields: str, record: dict[str, Any], **parts: str) -> Lead:
    outcome = mapping(fields, **parts).apply(Record("7", record))
    assert isinstance(outcome, Lead), outcome
    return outcome


def one(field: str, record: dict[str, Any]) -> str | None:
    return lead(f"  status: {field}", record).standard.get("status")


def problems(field: str, record: dict[str, Any]) -> list[str]:
    outcome = mapping(f"  status: {field}").apply(Record("7", record))
    assert isinstance(outcome, Invalid), outcome
    return list(map(str, outcome.problems))


# Where a value comes from.


@pytest.mark.parametrize(
    ("field", "record", "expected"),
    [
        ("Stage", {"Stage": " new "}, "new"),
        ("properties.stage", {"properties": {"stage": "new"}}, "new"),
        ("properties.stage", {"properties.stage": "flat", "properties": {"stage": "nested"}}, "flat"),
        ("properties.stage", {"properties": None}, None),
        ("properties.stage", {"properties": "text"}, None),
        ("Lead No.", {"Lead No.": 7.0}, "7"),
        ("phones.0.kind", {"phones": [{"kind": "cell"}]}, "cell"),
        ("phones[0].kind", {"phones": [{"kind": "cell"}]}, "cell"),
        ('"[0]"', {"[0]": "odd"}, "odd"),
        ("phones.1.kind", {"phones": [{"kind": "cell"}]}, None),
        ("phones.kind", {"phones": [{"kind": "cell"}]}, None),
        ("a.b.c", {"a": {"b": {"c": 5}}}, "5"),
        ("a.0", {"a": {"0": "name"}}, "name"),
        ("{ from: [a, b.c, d] }", {"a": "  ", "b": {"c": None}, "d": "third"}, "third"),
        ("{ from: [a, b] }", {"a": [], "b": 0}, "0"),
        ("{ from: [a, b] }", {"a": float("nan"), "b": ""}, None),
        ("{ value: fixed }", {}, "fixed"),
        ("{ value: 7.0 }", {}, "7"),
        ("{ value: true }", {}, "true"),
        ("{ expr: \"a|upper ~ '!'\" }", {"a": "x"}, "X!"),
        ("{ expr: a }", {}, None),
        ("{ expr: a.b.c }", {"a": None}, None),
        ("{ expr: 'record[\"Lead ID\"]' }", {"Lead ID": 7.0}, "7"),
        ('{ expr: "amount and amount|float > 10" }', {"amount": "20"}, "true"),
        ('{ expr: "amount and amount|float > 10" }', {}, None),
        ('{ template: "{{ a }}-{{ b }}" }', {"a": 1.0, "b": True}, "1-true"),
        (
            "\"{{ record['Lead ID'] }}/{{ when }}\"",
            {"Lead ID": "x", "when": date(2024, 1, 31)},
            "x/2024-01-31",
        ),
        ('"{% if big %}big{% else %}small{% endif %}"', {}, "small"),
    ],
)
def test_a_value_is_found(field: str, record: dict[str, Any], expected: str | None) -> None:
    assert one(field, record) == expected


def test_the_id_is_the_records_key_unless_mapped() -> None:
    assert lead("", {}).standard["id"] == "7"
    assert lead("  id: Number", {"Number": 12.0}).standard["id"] == "12"
    assert "id" not in lead("  id: Number", {}).standard


def test_standard_fields_come_in_the_order_of_the_api() -> None:
    found = lead("  lastName: b\n  firstName: a\n  contactID: c", {"a": 1, "b": 2, "c": 3})
    assert list(found.standard) == ["id", "contactID", "firstName", "lastName", "email"]


# Templates: a missing part.


@pytest.mark.parametrize("last", [{}, {"last": None}, {"last": ""}, {"last": "  "}, {"last": float("nan")}])
@pytest.mark.parametrize(
    "template",
    [
        "{{ first }} {{ last }}",
        "{{ first }} {{ record.last }}",
        "{{ first }} {{ record['last'] }}",
        "{{ first ~ ' ' ~ last }}",
        "{{ first }} {{ last|upper }}",
        "{{ first }} {{ last.split(' ')[0] }}",
        "{{ first }} {{ last[0] }}",
        "{{ first }} {{ last and first }}",
        "{{ [first, last][1] }}",
    ],
)
def test_a_template_with_a_missing_part_leaves_its_property_out(template: str, last: dict[str, Any]) -> None:
    found = lead(f'  firstName: first\n  status: "{template}"', {"first": "Ada", **last})
    assert "status" not in found.standard
    (warning,) = found.warnings
    assert warning.path == "lead.status"
    assert warning.at == "mappings/x.yaml:5:11"
    assert warning.message.startswith("left out, since a part of the template is not there: ")
    assert "Ada" not in warning.message


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ first }}{% if last %} {{ last }}{% endif %}", "Ada"),
        ("{{ first }}{{ ' ' ~ last if last else '' }}", "Ada"),
        ("{{ last or first }}", "Ada"),
        ("{{ last|default('x') }}", "x"),
        ("{{ last|d('x') }}", "x"),
        ("{{ record.last|default('x') }}", "x"),
        ("{{ record['last name']|default('x') }}", "x"),
        ("{{ car.color.name|default('x') }}", "x"),
        ("{{ first if last is not defined else last }}", "Ada"),
        ("{{ tags|default([])|join('+') }}{{ first }}", "Ada"),
    ],
)
def test_a_template_may_ask_for_a_part_first(template: str, expected: str) -> None:
    found = lead(f'  status: "{template}"', {"first": "Ada", "last": None, "car": None})
    assert found.standard["status"] == expected
    assert not found.warnings


def test_a_default_stands_in_for_an_incomplete_template() -> None:
    found = lead('  status: { template: "{{ a }} {{ b }}", default: open }', {"a": 1})
    assert found.standard["status"] == "open"
    assert not found.warnings


def test_a_template_never_changes_the_record() -> None:
    record = {"tags": ["a", "b"], "car": {"color": "red"}}
    lead("  status: \"{{ tags.pop() }}{{ car.pop('color') }}\"", record)
    assert record == {"tags": ["a", "b"], "car": {"color": "red"}}


# What fails at run time.


@pytest.mark.parametrize(
    ("field", "record", "message"),
    [
        ("{ expr: a|float }", {"a": "Ada"}, "fails: invalid float literal"),
        ("{ expr: a / b }", {"a": 41, "b": 0}, "fails: InvalidOperation"),
        ("{ expr: a.nothing() }", {"a": "Ada"}, "fails: string has no method named nothing"),
        ("{ expr: a + 1 }", {}, "it calculates with a value that is missing; ask for it first"),
        ("{ expr: when.strftime() }", {"when": date(2024, 1, 1)}, "fails: TypeError"),
        (
            '{ expr: "a > 5" }',
            {"a": "500"},
            "compares a, which is text in this record, with a number; write a|",
        ),
        (
            '{ expr: "5 < a" }',
            {"a": "500"},
            "compares a, which is text in this record, with a number; write a|",
        ),
        (
            "{ expr: \"a == '5'\" }",
            {"a": 5},
            "compares a, which is a number in this record, with text; write a|",
        ),
        (
            "{ expr: \"a in ['5', '6']\" }",
            {"a": 5},
            "compares a, which is a number in this record, with text",
        ),
        (
            '{ expr: "a == true" }',
            {"a": "yes"},
            "compares a, which is text in this record, with true or false",
        ),
        (
            "{ expr: \"a > '2024'\" }",
            {"a": date(2024, 1, 1)},
            "compares a, which is a date in this record, with text",
        ),
        ("\"{{ 'x' * 10000000 }}\"", {}, "takes more than 20000 steps"),
        ('"{% for i in range(99999) %}x{% endfor %}"', {}, "takes more than 20000 steps"),
        ('"{{ a }}{{ a }}{{ a }}"', {"a": "x" * 9000}, "the template made a text of 27000 characters"),
        ('"{{ tags }}"', {"tags": [1, 2]}, "a list of 2 values is not one value"),
        ("tags", {"tags": [1, 2]}, "a list of 2 values is not one value"),
        ("{ expr: car }", {"car": {"a": 1}}, "an object of 1 value is not one value"),
        ("n", {"n": float("inf")}, "a number is infinite"),
    ],
)
def test_what_fails_sets_the_record_aside_with_its_line(
    field: str, record: dict[str, Any], message: str
) -> None:
    (problem,) = problems(field, record)
    assert problem.startswith("mappings/x.yaml:4:11: lead.status: ")
    assert message in problem
    assert "Ada" not in problem
    assert "41" not in problem


@pytest.mark.parametrize(
    ("expression", "record"),
    [
        ("a != ''", {"a": 5}),
        ("a is number and a > 5", {"a": "text"}),
        ("a in ['x', 5]", {"a": 5}),
        ("a|int > 5", {"a": "6"}),
        ("a == b", {"a": 5, "b": "5"}),
        ("a == 5", {"a": None}),
        ("a == 5", {"a": 5.0}),
        ("a == '5'", {"a": " 5 "}),
    ],
)
def test_comparisons_that_have_an_answer_are_left_alone(expression: str, record: dict[str, Any]) -> None:
    assert one(f'{{ expr: "{expression}" }}', record) in ("true", "false")


# where


@pytest.mark.parametrize(
    ("where", "record", "passes"),
    [
        ("stage in ['lead', 'mql']", {"stage": "lead"}, True),
        ("stage in ['lead', 'mql']", {"stage": "won"}, False),
        ("properties.stage in ['lead']", {}, False),
        ("properties.stage in ['lead']", {"properties": None}, False),
        ("email or phone", {"phone": "x"}, True),
        ("email or phone", {"phone": " "}, False),
        ("opted_in", {"opted_in": True}, True),
        ("opted_in", {"opted_in": 0}, False),
        ("not deleted", {}, True),
        ("tags and 'hot' in tags", {"tags": ["hot"]}, True),
        ("amount and amount|float > 100", {"amount": "99.5"}, False),
        ("count|default(0) >= 1", {}, False),
    ],
)
def test_where_decides_who_goes(where: str, record: dict[str, Any], *, passes: bool) -> None:
    outcome = mapping("", before=f'where: "{where}"').apply(Record("7", record))
    assert isinstance(outcome, Lead if passes else Skip)
    if isinstance(outcome, Skip):
        assert outcome.reason == f"where: {where} (mappings/x.yaml:1)"


@pytest.mark.parametrize("word", ["FALSE", "no", "Yes", "true", "0", " f "])
def test_where_takes_no_word_for_an_answer(word: str) -> None:
    """Any text is true, so that "FALSE" of a CSV file would let everybody pass."""
    outcome = mapping("", before="where: opted_in").apply(Record("7", {"opted_in": word}))
    assert isinstance(outcome, Invalid)
    assert outcome.reason == (
        "mappings/x.yaml:1:8: where: gives the text of a word for yes or no; compare it, as in "
        'opted_in == "yes"'
    )


def test_a_where_that_fails_sets_the_record_aside() -> None:
    outcome = mapping("", before="where: amount > 100").apply(Record("7", {"amount": "5000"}))
    assert isinstance(outcome, Invalid)
    assert outcome.reason.startswith(
        "mappings/x.yaml:1:8: where: compares amount, which is text in this record"
    )


def test_a_skipped_record_is_not_looked_at_further() -> None:
    outcome = mapping("  phoneNumber: phone", before="where: ok").apply(Record("7", {"phone": "12"}))
    assert isinstance(outcome, Skip)


# values, default, required, if_invalid


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("NEW", "new"),
        (" new ", "new"),
        ("New", "new"),
        (7, "seven"),
        (7.0, "seven"),
        ("7", "seven"),
        (True, "yes"),
        ("JUNK", None),
        ("unlisted", "unlisted"),
        (None, None),
        ("", None),
    ],
)
def test_a_table_without_a_default(value: Any, expected: str | None) -> None:
    assert one("{ from: a, values: { NEW: new, 7: seven, true: yes, JUNK: null } }", {"a": value}) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("NEW", "new"), ("unlisted", "other"), (None, "other"), ("", "other"), ("JUNK", None)],
)
def test_a_table_with_a_default(value: Any, expected: str | None) -> None:
    assert one("{ from: a, values: { NEW: new, JUNK: }, default: other }", {"a": value}) == expected


def test_a_default_without_a_table_stands_in_for_nothing_only() -> None:
    assert one("{ from: a, default: new }", {}) == "new"
    assert one("{ from: a, default: new }", {"a": "old"}) == "old"


def test_a_table_behind_an_expression_and_a_template() -> None:
    assert one('{ expr: "a == \'x\'", values: { "true": yes, "false": no } }', {"a": "x"}) == "yes"
    assert one('{ template: "{{ a }}{{ b }}", values: { xy: both } }', {"a": "x", "b": "y"}) == "both"


@pytest.mark.parametrize("field", ["a", '"{{ a }}"', "{ expr: a }"])
def test_required_sets_the_record_aside(field: str) -> None:
    kind = "template" if "{{" in field else "expr" if "expr" in field else "from"
    inner = field.removeprefix("{ expr: ").removesuffix(" }") if kind == "expr" else field
    (problem,) = problems(f"{{ {kind}: {inner}, required: true }}", {"a": " "})
    assert problem == "mappings/x.yaml:4:11: lead.status: is required, and there is nothing"


def test_if_invalid_drop_leaves_the_property_out_and_says_so() -> None:
    found = lead("  createdAt: { from: a, if_invalid: drop }", {"a": "soon"})
    assert "createdAt" not in found.standard
    (warning,) = found.warnings
    assert str(warning).startswith(
        "mappings/x.yaml:4:14: lead.createdAt: left out: text of 4 characters: not a date"
    )


def test_p6_all_problems_of_a_record_come_at_once_with_shapes_only() -> None:
    compiled = parse_mapping(
        "lead:\n  phoneNumber: Phone\n  email: Email\n  createdAt: Created\n"
        "  lastName: { from: L, required: true }\n",
        "mappings/x.yaml",
        timezone=NEW_YORK,
    )
    outcome = compiled.apply(Record("7", {"Phone": "804555012", "Email": "ada", "Created": "1/2/2026"}))
    assert isinstance(outcome, Invalid)
    ten = "expected ten digits, or + and a country code"
    order = (
        "looks like a date whose order of day and month is not certain; add format: day_first or month_first"
    )
    sign = "an email address must have an @-sign"
    assert list(map(str, outcome.problems)) == [
        "mappings/x.yaml:5:13: lead.lastName: is required, and there is nothing",
        f"mappings/x.yaml:2:16: lead.phoneNumber: 9 digits: not a phone number; {ten}",
        f"mappings/x.yaml:3:10: lead.email: text of 3 characters: not an e-mail address; {sign}",
        f"mappings/x.yaml:4:14: lead.createdAt: {order}",
    ]


@pytest.mark.parametrize("record", [{}, {"Phone": "12"}])
def test_a_lead_that_nobody_can_be_reached_by_is_set_aside(record: dict[str, Any]) -> None:
    text = "lead:\n  firstName: First\n  phoneNumber: { from: Phone, if_invalid: drop }\n"
    outcome = parse_mapping(text, "m.yaml", timezone=NEW_YORK).apply(Record("7", record))
    assert isinstance(outcome, Invalid)
    assert outcome.reason == "m.yaml:3:16: lead: neither phoneNumber nor email"


# Times and phones know where they are.


def test_times_are_of_the_fields_zone_or_else_the_sources() -> None:
    found = lead(
        "  createdAt: a\n  updatedAt: { from: a, timezone: America/Los_Angeles }",
        {"a": "2024-01-31 10:00:00"},
    )
    assert found.standard["createdAt"] == "2024-01-31T10:00:00-0500"
    assert found.standard["updatedAt"] == "2024-01-31T10:00:00-0800"


def test_a_region_is_that_of_the_field() -> None:
    found = lead("  phoneNumber: { from: p, region: GB }", {"p": "020 7946 0958"})
    assert found.standard["phoneNumber"] == "+442079460958"


# custom


def test_custom_values_are_flat_strings() -> None:
    found = lead(
        "",
        {"car": {"color": "red", "extras": ["roof", None]}, "n": 7.0, "gone": None, "empty": {}},
        after="custom:\n  car: car\n  Count of cars: n\n  gone: gone\n  empty: empty\n"
        "  plan: { value: { a: [1] } }\n",
    )
    assert found.custom == {"car.color": "red", "car.extras.0": "roof", "Count of cars": "7", "plan.a.0": "1"}


def test_no_custom_name_ever_means_two_things() -> None:
    compiled = mapping("", after="custom:\n  car: car\n  car.color: other\n")
    outcome = compiled.apply(Record("7", {"car": {"color": "red"}, "other": "blue"}))
    assert isinstance(outcome, Invalid)
    assert "gives another value to car.color than a property before it" in outcome.reason
    outcome = mapping("", after="custom:\n  a: a\n").apply(Record("7", {"a": {"b.c": 1, "b": {"c": 2}}}))
    assert isinstance(outcome, Invalid)
    assert "two of its parts would have one name" in outcome.reason


def test_a_record_nested_without_end_is_set_aside() -> None:
    deep: Any = "x"
    for _ in range(90):
        deep = {"a": deep}
    for field in ("{ expr: deep }", '"{{ deep }}"'):
        outcome = mapping(f"  status: {field}").apply(Record("7", {"deep": deep}))
        assert isinstance(outcome, Invalid)
        assert "nested" in outcome.reason
