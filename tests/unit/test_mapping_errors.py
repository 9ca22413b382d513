"""Mapping files that are wrong: every problem at once, each with its line and column."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from sync.located_yaml import ConfigError
from sync.mapping import MappingSpec, load_mapping, parse_mapping

if TYPE_CHECKING:
    from pathlib import Path

UTC = ZoneInfo("UTC")


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        parse_mapping(text, "m.yaml", timezone=UTC)
    return list(map(str, refused.value.problems))


def one(text: str) -> str:
    (problem,) = problems(text)
    return problem


FIELDS = "id, contactID, firstName, lastName, phoneNumber, email, status, createdAt, updatedAt"


def test_everything_that_is_wrong_comes_at_once() -> None:
    found = problems(
        'where: "a ==== b"\n'
        "lead:\n"
        "  phone_number: x\n"
        "  email:\n"
        '  firstName: "{{ a b }}"\n'
        "  lastName: { form: x }\n"
        '  phoneNumber: { from: a, regoin: US, region: UK, template: "{{ x|nope }}" }\n'
        '  createdAt: { from: x, format: "%d/%m", timezone: Amerika/New_York }\n'
        "custom:\n"
        "  email: x\n"
        "  source: y\n"
        "  n: 7\n"
        "ignore_changes: [updatedat]\n"
        "examples:\n"
        "  - record: 7\n"
    )
    starts = [
        "m.yaml:1:13: where: unexpected `==`",
        f'm.yaml:3:3: lead.phone_number: unknown key (did you mean "phoneNumber"?); there are: {FIELDS}',
        "m.yaml:4:3: lead.email: is empty; expected a column name",
        "m.yaml:5:20: lead.firstName: unexpected identifier, expected end of variable block",
        'm.yaml:6:15: lead.lastName.form: unknown key (did you mean "format"?)',
        'm.yaml:7:27: lead.phoneNumber.regoin: unknown key (did you mean "region"?)',
        "m.yaml:7:47: lead.phoneNumber.region: there is no country UK (the United Kingdom is GB)",
        "m.yaml:7:67: lead.phoneNumber.template: there is no filter nope",
        "m.yaml:8:33: lead.createdAt.format: '%d/%m' does not give a year, a month and a day",
        "m.yaml:8:52: lead.createdAt.timezone: there is no time zone Amerika/New_York",
        "m.yaml:10:3: custom.email: email is a standard field; it belongs under lead:",
        "m.yaml:11:3: custom.source: source belongs to the endpoint in connector.yaml",
        "m.yaml:12:6: custom.n: expected a column name or a section of keys",
        'm.yaml:13:17: ignore_changes: there is no property updatedat (did you mean "updatedAt"?)',
        "m.yaml:15:13: examples[0].record: expected a section of keys, found a number",
    ]
    assert [problem.startswith(start) for problem, start in zip(found, starts, strict=True)] == [True] * len(
        starts
    ), "\n".join(found)


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        (
            "{ from: a, value: b }",
            "expected exactly one of from, value, expr, template; found from and value",
        ),
        ("{ required: true }", "expected exactly one of from, value, expr, template; found none of them"),
        ("{ value: }", "value is empty"),
        ('{ expr: "" }', "expr is empty"),
        ('" "', "is empty; expected the name of a column"),
        ("{ from: a, region: US }", "region is only for phoneNumber"),
        ("{ from: a, timezone: UTC }", "timezone is only for createdAt and updatedAt"),
        ("{ from: a, format: iso }", "format is only for createdAt and updatedAt"),
        (
            "{ from: a, values: { New: x, NEW: y } }",
            "lists 'New' and 'NEW', which differ in capitals or spaces only",
        ),
        ("{ from: a, if_invalid: ignore }", 'must be one of: drop, reject; found "ignore"'),
        ("{ value: [1] }", "a list of 1 value is not one value"),
        ("{ from: [] }", "is empty"),
    ],
)
def test_a_field_that_makes_no_sense(field: str, problem: str) -> None:
    found = one(f"lead:\n  email: e\n  status: {field}\n")
    assert found.startswith("m.yaml:3:")
    assert problem in found


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        (
            "phoneNumber: { from: a, default: 12 }",
            "m.yaml:3:36: lead.phoneNumber.default: a number of 2 digits: not a",
        ),
        ("createdAt: { value: soon }", "m.yaml:3:23: lead.createdAt.value: text of 4 characters: not a date"),
    ],
)
def test_constants_are_checked_like_values(field: str, problem: str) -> None:
    assert one(f"lead:\n  email: e\n  {field}\n").startswith(problem)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("now()", "3:20: lead.status.expr: there is no function now"),
        ("debug()", "3:20: lead.status.expr: there is no function debug"),
        ("a is nice", "3:25: lead.status.expr: there is no test nice"),
        ("a|nope", "3:22: lead.status.expr: there is no filter nope"),
        ("a = 1", "3:22: lead.status.expr: unexpected input after expression; to compare, write =="),
        ("a b", "3:22: lead.status.expr: unexpected input after expression"),
        ("a }}{{ b", "3:22: lead.status.expr: unexpected input after expression"),
        ("é é", "3:22: lead.status.expr: unexpected input after expression"),
    ],
)
def test_expressions_are_checked_to_the_character(source: str, message: str) -> None:
    assert one(f'lead:\n  email: e\n  status: {{ expr: "{source}" }}\n') == f"m.yaml:{message}"


@pytest.mark.parametrize(
    ("field", "message"),
    [
        (
            "|\n    ok {{ a }}\n    {{ a b }}",
            "5:10: lead.status: unexpected identifier, expected end of variable block",
        ),
        ("'{{ a'", "3:15: lead.status: unexpected end of input, expected end of variable block"),
        (
            "'{% include \"x\" %}'",
            "3:12: lead.status: there are no other templates to include, import or extend",
        ),
        ("'{{ record.get(\"x\") }}'", '3:21: lead.status: ".get(…)" gives null where nothing is'),
    ],
)
def test_templates_are_checked_to_the_character(field: str, message: str) -> None:
    assert one(f"lead:\n  email: e\n  status: {field}\n").startswith(f"m.yaml:{message}")


def test_a_mapping_without_a_way_to_reach_anybody() -> None:
    assert one("lead:\n  firstName: a\n") == (
        "m.yaml:1:1: lead: maps neither phoneNumber nor email; a lead needs one of them"
    )


def test_an_empty_file() -> None:
    assert "expected a section of keys, found nothing" in one("# nothing\n")


@pytest.mark.parametrize("keys", ["lead: {}, skip: true", "", "skip: true, invalid: x"])
def test_an_example_expects_one_thing(keys: str) -> None:
    found = one(f"lead: {{ email: e }}\nexamples:\n  - {{ record: {{}}, {keys} }}\n")
    assert "expected one of: lead and custom together, skip, invalid" in found


def test_a_file_is_read_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "crm.yaml"
    path.write_text("lead:\n  email: Email\n", encoding="utf-8")
    assert load_mapping(path, timezone=UTC).file.endswith("crm.yaml")
    with pytest.raises(ConfigError, match="there is no such file"):
        load_mapping(tmp_path / "gone.yaml", timezone=UTC)


def test_missing_columns_are_said_with_their_line_and_what_there_is() -> None:
    compiled = parse_mapping(
        "lead:\n"
        "  email: Emial\n"
        "  phoneNumber: { from: [Mobile, Phone] }\n"
        "  firstName: name.first\n"
        '  lastName: "{{ anything }}"\n'
        "custom:\n"
        "  Town: City\n",
        "m.yaml",
        timezone=UTC,
    )
    assert compiled.needs_columns == {"Emial", "Mobile", "Phone", "name", "City"}
    assert str(compiled.column_marks["Emial"]) == "m.yaml:2:10"
    assert str(compiled.column_marks["Phone"]) == "m.yaml:3:33"
    there_are = "there are Email, Phone, name.first"
    assert list(map(str, compiled.missing_columns(["Email", "Phone", "name.first"]))) == [
        f'm.yaml:2:10: lead.email: there is no column Emial (did you mean "Email"?); {there_are}',
        f"m.yaml:3:25: lead.phoneNumber: there is no column Mobile; {there_are}",
        f"m.yaml:7:9: custom.Town: there is no column City; {there_are}",
    ]
    assert "there are none at all" in str(compiled.missing_columns([])[0])
    assert compiled.missing_columns(["Emial", "Mobile", "Phone", "name", "City"]) == []


def test_the_json_schema_knows_both_forms_of_a_field() -> None:
    schema = MappingSpec.model_json_schema()
    text, section = schema["$defs"]["FieldSpec"]["anyOf"]
    assert text["type"] == "string"
    assert section["additionalProperties"] is False
    assert {"from", "value", "expr", "template"} <= section["properties"].keys()
    assert all("description" in part for part in section["properties"].values())
    assert all("description" in part for part in schema["properties"].values())
