"""Where the properties of a lead came from, and the files that a mapping takes in."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sources.base import Record
from sync.cli.frame.places_links import line_of, link_of
from sync.mapping import parse_mapping
from sync.mapping.companions import companions
from sync.mapping.provenance import CameFrom, Provenance

TEXT = """lead:
  phoneNumber: { from: [mobile, phone] }
  status: { value: new }
custom:
  car: car
  note: "{{ last }}, {{ person.first }}"
  whole: { expr: "record|length" }
"""


def test_every_property_has_its_line_and_columns():
    mapping = parse_mapping(TEXT, "crm.yaml", timezone=ZoneInfo("UTC"))
    fields = {
        "mobile": "8045550161",
        "last": "L",
        "person": {"first": "F"},
        "car": {"color": "red", "doors": [1]},
    }
    lead = mapping.apply(Record("7", fields))
    assert Provenance(mapping.outputs).of_lead(lead) == {
        "id": CameFrom(),
        "phoneNumber": CameFrom("crm.yaml:2:16", ("mobile", "phone")),
        "status": CameFrom("crm.yaml:3:11"),
        "car.color": CameFrom("crm.yaml:5:8", ("car",)),
        "car.doors.0": CameFrom("crm.yaml:5:8", ("car",)),
        "note": CameFrom("crm.yaml:6:9", ("last", "person.first")),
        "whole": CameFrom("crm.yaml:7:10", ("record",)),
    }


def test_a_place_is_a_line_and_a_link(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert line_of("my maps/crm.yaml:7:16") == "my maps/crm.yaml:7"
    assert line_of("C:/maps/crm.yaml:7:16") == "C:/maps/crm.yaml:7"
    assert line_of("") == ""
    assert link_of("my maps/crm.yaml:7:16") == f"file://{tmp_path}/my%20maps/crm.yaml#7"
    assert link_of("") == ""


def test_fragments_and_tables_are_found_though_the_mapping_is_wrong(tmp_path):
    (tmp_path / "crm.yaml").write_text(
        "include: [shared/base.yaml, gone.yaml]\nlead:\n  fristName: { lookup: { file: reps.csv, key: a } }\n"
        "custom:\n  rep: [{ lookup: { file: more.yaml } }, { value: none }]\n"
    )
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "base.yaml").write_text(
        "include: base.yaml\nlead: { email: { lookup: { file: a.csv } } }\n"
    )
    names = {str(each.relative_to(tmp_path)) for each in companions(tmp_path / "crm.yaml")}
    assert names == {"shared/base.yaml", "gone.yaml", "reps.csv", "more.yaml", "shared/a.csv"}
    (tmp_path / "crm.yaml").write_text("lead: [\n")
    assert companions(tmp_path / "crm.yaml") == frozenset()
    assert companions(tmp_path / "none.yaml") == frozenset()
