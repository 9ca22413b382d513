from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from sync.located_yaml import parse_yaml
from sync.schemas import connector_schema, mapping_schema
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
    found = Draft202012Validator(schema).iter_errors(parse_yaml(text, "f").data)
    return sorted(error.json_path for error in found)


@pytest.mark.parametrize("schema", [CONNECTOR, connector_schema(), mapping_schema()])
def test_they_are_schemas(schema):
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


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
