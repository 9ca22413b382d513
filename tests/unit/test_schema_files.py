"""The JSON Schemas by a validator that is not ours, which reads files as editors do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from sync.config import load_config
from sync.located_yaml import ConfigError
from sync.schemas import connector_schema, mapping_schema
from tests.docs.pages import ROOT, all_blocks, blocks
from tests.editor_yaml import read_as_editors_do

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONNECTOR = Draft202012Validator(connector_schema())
MAPPING = Draft202012Validator(mapping_schema())
#: Every mapping that is shipped or shown.
MAPPINGS = [
    *(pytest.param(path.read_text("utf-8"), id=path.name) for path in sorted(ROOT.glob("mappings/*.yaml"))),
    *(pytest.param(block.text, id=str(block)) for block in blocks("yaml mapping")),
    *(
        pytest.param(block.text, id=str(block))
        for block in all_blocks()
        if block.page.startswith("mappings/") and block.kind == "yaml"
    ),
]
CONNECTORS = [
    pytest.param((ROOT / "connector.yaml").read_text("utf-8"), id="connector.yaml"),
    *(pytest.param(block.text, id=str(block)) for block in blocks("yaml connector")),
]

A_CONNECTOR = """\
endpoint:
  type: hatch
  department_id: 012345678
  api_key: ${KEY:-made-up}
  source: my_company
  rate_limit: 10/s
sources:
  walk_ins:
    type: spreadsheet
    path: leads.csv
    key: Lead ID
    sheet: 2026
    mapping: crm.yaml
    first_sync: 2026-01-31
    schedule: every 5m
    max_sends: 500/h
"""
A_MAPPING = """\
where: "kind == 'lead'"
lead:
  firstName: First Name
  email: {from: [mail, email], if_invalid: drop}
  phoneNumber: {from: phone, region: NO}
  status: {from: stage, values: {1: open, 2: won, 1e3: 012}, default: NO}
custom:
  branch: {value: 7}
  code: {value: 012}
  dialled: {value: +18045550123}
  isNew: {value: true}
ignore_changes: [updatedAt]
examples:
  - record: {mail: ada@example.com, kind: lead, stage: 1}
    lead: {email: ada@example.com}
"""


def found(schema: Draft202012Validator, text: str) -> list[str]:
    """Return where a schema refuses a file."""
    return [error.json_path for error in schema.iter_errors(read_as_editors_do(text))]


@pytest.mark.parametrize("schema", [CONNECTOR, MAPPING])
def test_they_are_schemas_of_their_dialect(schema: Draft202012Validator) -> None:
    Draft202012Validator.check_schema(schema.schema)


@pytest.mark.parametrize("text", [*CONNECTORS, A_CONNECTOR])
def test_a_connector_that_works_passes(text: str) -> None:
    assert found(CONNECTOR, text) == []


@pytest.mark.parametrize("text", [*MAPPINGS, A_MAPPING])
def test_a_mapping_that_works_passes(text: str) -> None:
    assert found(MAPPING, text) == []


def refused(tmp_path: Path, connector: str, mapping: str) -> str:
    """Return what the program finds wrong with two files; nothing when they are right."""
    (tmp_path / "crm.yaml").write_text(mapping, encoding="utf-8")
    file = tmp_path / "connector.yaml"
    file.write_text(connector, encoding="utf-8")
    try:
        load_config(file, {})
    except ConfigError as error:
        return str(error)
    return ""


def test_the_program_takes_what_the_cases_below_begin_with(tmp_path: Path) -> None:
    assert refused(tmp_path, A_CONNECTOR, A_MAPPING) == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("endpoint:", "endpiont:"),
        ("sources:", "source:"),
        ("type: hatch", "type: hutch"),
        ("  type: hatch\n", ""),
        ("department_id", "departmentid"),
        ("  department_id: 012345678\n", ""),
        ("api_key: ${KEY:-made-up}", "api_key: [made-up]"),
        ("rate_limit: 10/s", "rate_limit: 10"),
        ("rate_limit: 10/s", "rate_limit: fast"),
        ("rate_limit: 10/s", "max_in_flight: 0"),
        ("rate_limit: 10/s", "max_in_flight: many"),
        ("rate_limit: 10/s", "timeout: 30"),
        ("rate_limit: 10/s", "unknown_outcome: repaet"),
        ("type: spreadsheet", "type: spreadsheat"),
        ("    type: spreadsheet\n", ""),
        ("    path: leads.csv\n", ""),
        ("path:", "file:"),
        ("    key: Lead ID\n", ""),
        ("    mapping: crm.yaml\n", ""),
        ("    first_sync: 2026-01-31\n", ""),
        ("first_sync: 2026-01-31", "first_sync: soon"),
        ("schedule: every 5m", "schedule: hourly"),
        ("schedule: every 5m", "schedule: 5"),
        ("max_sends: 500/h", "max_sends: lots"),
        ("max_sends: 500/h", "lookback: 10"),
        ("walk_ins:", "walk ins:"),
        ("path: leads.csv", "path: {name: leads.csv}"),
        ("path: leads.csv", "path: leads.csv\n    cursor: updated_at"),
    ],
)
def test_a_connector_that_does_not_work_fails(tmp_path: Path, old: str, new: str) -> None:
    text = A_CONNECTOR.replace(old, new)
    assert refused(tmp_path, text, A_MAPPING)
    assert found(CONNECTOR, text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("lead:\n", "leads:\n"),
        ("firstName:", "firstname:"),
        ("firstName: First Name", "firstName: [[First Name]]"),
        ("from: phone", "form: phone"),
        ("region: NO", "regoin: NO"),
        ("if_invalid: drop", "if_invalid: ignore"),
        ("{value: 7}", "{value: 7, otherwise: perhaps}"),
        ("{value: 7}", "{from: branch, required: perhaps}"),
        ("{value: 7}", "{from: branch, as: {digits: {most: 3}}}"),
        ("{value: 7}", "{from: branch, as: {text: {max: many}}}"),
        ("{value: 7}", "{from: branch, pick: 0}"),
        ("{value: 7}", "{from: branch, lookup: {key: id}}"),
        ("{value: 7}", "{from: branch, several: all}"),
        ("values: {1: open, 2: won, 1e3: 012}", "values: [open, won]"),
        ("custom:", "costum:"),
        ("ignore_changes: [updatedAt]", "ignore_changes: {updatedAt: true}"),
        ("  - record: {mail", "  - recrod: {mail"),
        ("    lead: {email: ada@example.com}", "    laed: {email: ada@example.com}"),
        ("where: \"kind == 'lead'\"", "where: [lead]"),
        ("examples:\n", "examples: none\nmore:\n"),
    ],
)
def test_a_mapping_that_does_not_work_fails(tmp_path: Path, old: str, new: str) -> None:
    text = A_MAPPING.replace(old, new)
    assert refused(tmp_path, A_CONNECTOR, text)
    assert found(MAPPING, text)


def keys(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every key that a schema knows, with what is said of it."""
    if isinstance(schema, list):
        for part in schema:
            yield from keys(part, path)
    elif isinstance(schema, dict):
        for keyword, part in schema.items():
            if keyword in ("properties", "$defs"):
                for name, inner in part.items():
                    if keyword == "properties":
                        yield f"{path}.{name}", inner
                    yield from keys(inner, f"{path}.{name}")
            elif keyword not in ("default", "examples", "const", "enum", "if"):
                yield from keys(part, path)


@pytest.mark.parametrize("schema", [CONNECTOR, MAPPING])
def test_every_key_is_described(schema: Draft202012Validator) -> None:
    described = dict(keys(schema.schema))
    assert len(described) > 30
    assert [path for path, about in described.items() if not about.get("description")] == []
