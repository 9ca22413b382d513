"""The values of a record by their ways, and which of them a mapping reads."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from sync.mapping import parse_mapping
from sync.mapping.leaves import ANY, Reach, leaves, ways_of, written

FIELDS = {
    "id": 7,
    "phones": [{"number": "1", "type": "home"}, {"number": "2", "type": "mobile"}],
    "car": {"color": "red", "doors": ["front"], "none": {}},
    "a.b": "whole",
}


def test_every_value_has_one_way():
    assert {written(way): value for way, value in leaves(FIELDS)} == {
        "id": 7,
        "phones[0].number": "1",
        "phones[0].type": "home",
        "phones[1].number": "2",
        "phones[1].type": "mobile",
        "car.color": "red",
        "car.doors[0]": "front",
        "car.none": {},
        "a.b": "whole",
    }


@pytest.mark.parametrize(
    ("column", "ways"),
    [
        ("id", [("id",)]),
        ("car.color", [("car", "color")]),
        ("phones[0].number", [("phones", "0", "number")]),
        ("phones[].number", [("phones", ANY, "number")]),
        ("phones[type=mobile].number", [("phones", ANY, "number"), ("phones", ANY, "type")]),
        ('"Order No.".value', [("Order No.", "value")]),
        ("Lead No.", [("Lead No.",)]),
        ("a.b", [("a.b",)]),
    ],
)
def test_a_path_is_one_way_or_more(column, ways):
    assert ways_of(column, FIELDS) == ways


def test_a_mapping_reads_some_of_a_record():
    text = (
        "where: car.color\nlead: { phoneNumber: 'phones[1].number' }\ncustom: { note: '{{ car.doors }}' }\n"
    )
    reach = Reach(parse_mapping(text, "crm.yaml", timezone=ZoneInfo("UTC")), FIELDS)
    read = [written(way) for way, _ in leaves(FIELDS) if reach.covers(way)]
    assert read == ["phones[1].number", "car.color", "car.doors[0]"]
    assert [output.name for output in reach.outputs(("car", "doors", 0))] == ["note"]
    assert reach.filters(("car", "color"))
    assert not reach.filters(("car", "doors"))
