from __future__ import annotations

import json

import pytest

from sync.located_yaml import parse_yaml
from sync.schemas import connector_schema, mapping_schema
from tests import json_schema
from tests.unit.config_project import CATALOG, ENDPOINT, SOURCE, problems, write
from tests.unit.test_config import FULL

CONNECTOR = connector_schema(CATALOG)
VARIABLES = """\
endpoint:
  type: hatch
  department_id: ${ID}
  api_key: ${KEY:-x}
  rate_limit: ${RATE}
  max_in_flight: ${N}
  unknown_outcome: ${OUTCOME:-hold}
sources:
  crm: {type: table, key: id, mapping: m.yaml, schedule: "${WHEN}", first_sync: "${FIRST:-now}",
    wait: "${WAIT}"}
"""


def errors(schema, text):
    return json_schema.errors(schema, parse_yaml(text, "f").data)


def references(schema):
    """Yield every `$ref` in a schema."""
    if isinstance(schema, list):
        for part in schema:
            yield from references(part)
    elif isinstance(schema, dict):
        yield from [schema["$ref"]] if isinstance(schema.get("$ref"), str) else []
        for part in schema.values():
            yield from references(part)


@pytest.mark.parametrize("schema", [CONNECTOR, connector_schema(), mapping_schema()])
def test_they_name_their_dialect_and_hold_all_that_they_refer_to(schema):
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert {f"#/$defs/{name}" for name in schema["$defs"]} >= set(references(schema))
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("text", [FULL, ENDPOINT + SOURCE, VARIABLES])
def test_what_is_right_passes(text):
    assert errors(CONNECTOR, text) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("key: id", "kye: id"),
        ("first_sync: now", "first_sync: soon"),
        ("    first_sync: now\n", ""),
        ("type: table", "type: tabel"),
        ("    type: table\n", ""),
        ("api_key: k3y", "api_key: [k3y]"),
        ("api_key: k3y", "api_key: k3y\n  max_in_flight: many"),
        ("api_key: k3y", "api_key: k3y\n  unknown_outcome: repaet"),
        ("first_sync: now", "first_sync: now\n    lookback: soon"),
        ("first_sync: now", "first_sync: now\n    schedule: hourly"),
        ("first_sync: now", "first_sync: now\n    max_sends: lots"),
        ("sources:", "soruces:"),
        ("endpoint:", "endpoints:"),
        ("crm:", "c rm:"),
    ],
)
def test_what_the_program_refuses_fails(tmp_path, old, new):
    text = (ENDPOINT + SOURCE).replace(old, new)
    assert problems(write(tmp_path, text))
    assert errors(CONNECTOR, text)


def test_adapters_settings_are_described():
    case = next(case for case in CONNECTOR["$defs"]["source"]["allOf"])
    properties = case["then"]["properties"]
    assert {"schedule", "first_sync", "key", "token"} <= properties.keys()
    assert properties["schedule"]["description"]


def test_installed_types_are_there():
    schema = connector_schema()
    assert {"hatch", "http"} <= set(schema["$defs"]["endpoint"]["properties"]["type"]["enum"])
    assert {"rest", "sql", "spreadsheet"} <= set(schema["$defs"]["source"]["properties"]["type"]["enum"])


MAPPING = """\
where: "kind == 'lead'"
lead:
  firstName: first
  email: {from: [mail, email]}
  phoneNumber: {from: phone, region: US}
custom:
  campaign: {value: spring}
  name: "{{ first }} {{ last }}"
ignore_changes: [updatedAt]
"""


def test_mappings():
    assert errors(mapping_schema(), MAPPING) == []
    assert errors(mapping_schema(), MAPPING.replace("firstName", "firstNmae"))
    assert errors(mapping_schema(), MAPPING.replace("from: phone", "form: phone"))
