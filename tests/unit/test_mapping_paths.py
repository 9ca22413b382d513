"""How fields name values inside of a record: quotes, items of lists, items by what they hold, all items."""

from __future__ import annotations

from typing import Any

import pytest

from sources.base import Record
from sync.mapping.paths import Every, Fitting, check_path, named, reader, split
from tests.mapping_kit import compiled, field

PHONES = {
    "phones": [
        {"type": "Work", "number": "1", "use": {"kind": "a"}},
        {"type": "mobile", "number": "2"},
        {"type": "MOBILE", "number": "3"},
        {"type": ["mobile"], "number": "4"},
        "no object",
    ]
}


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("a", ("a",)),
        ("a.b", ("a", "b")),
        ("a[0].b", ("a", "0", "b")),
        ("a[].b", ("a", Every(), "b")),
        ("a[type=mobile]", ("a", Fitting("type", "mobile"))),
        ("a[ type = Mobile phone ].b", ("a", Fitting("type", "mobile phone"), "b")),
        ('a[type="x]y"]', ("a", Fitting("type", "x]y"))),
        ('"Order No.".value', ("Order No.", "value")),
        ('a."b.c"', ("a", "b.c")),
        (r'"a\"b"', ('a"b',)),
        ("Lead No.", ("Lead No.",)),
        ("Amount [USD]", ("Amount [USD]",)),
        ("[0]", ("[0]",)),
        ("a..b", ("a..b",)),
        ("a[0", ("a[0",)),
        ("a[0]b", ("a[0]b",)),
        (".a", (".a",)),
        ("a[=b]", ("a[=b]",)),
    ],
)
def test_a_path_is_read_part_by_part_or_is_a_name(path: str, parts: tuple[Any, ...]) -> None:
    assert split(path) == parts


@pytest.mark.parametrize(
    ("path", "record", "expected"),
    [
        ("phones[type=mobile].number", PHONES, "2"),
        ("phones[type=WORK].number", PHONES, "1"),
        ("phones[type=fax].number", PHONES, None),
        ("phones[type=work].use.kind", PHONES, "a"),
        ("phones[type=mobile].number", {"phones": {"type": "mobile", "number": "5"}}, "5"),
        ("phones[type=mobile].number", {"phones": "text"}, None),
        ("phones[id=7].number", {"phones": [{"id": 7.0, "number": "6"}]}, "6"),
        ("'\"Order No.\".value'", {"Order No.": {"value": 9}}, "9"),
        ("'\"Order No.\"'", {"Order No.": 8}, "8"),
        ("'\"Order No.\"'", {'"Order No."': 1, "Order No.": 8}, "1"),
        ('a."b.c"', {"a": {"b.c": "x"}}, "x"),
        ("services[]", {"services[]": "a column of a web form"}, "a column of a web form"),
        ("phones[type=mobile]", {"phones[type=mobile]": "named so"}, "named so"),
        ("phones[1].number", PHONES, "2"),
    ],
)
def test_a_path_finds_a_value(path: str, record: dict[str, Any], expected: str | None) -> None:
    assert field(path, record) == expected


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("tags[].name", ["a", "b"]),
        ("groups[].tags[].name", ["x", "y"]),
        ("tags[]", [{"name": "a"}, {"other": 1}, {"name": "b"}]),
        ("nothing[].name", None),
        ("text[].name", None),
        ("tags[].gone", None),
    ],
)
def test_all_items_are_a_list(path: str, found: Any) -> None:
    record = {
        "tags": [{"name": "a"}, {"other": 1}, {"name": "b"}],
        "groups": [{"tags": [{"name": "x"}]}, {"tags": [{"name": "y"}]}, {}],
        "text": "x",
    }
    assert reader(path)(record) == found


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("a", {"a"}),
        ("a.b.c", {"a", "a.b.c"}),
        ("phones[type=mobile].number", {"phones", "phones[type=mobile].number"}),
        ("a.tags[].name", {"a", "a.tags", "a.tags[].name"}),
        ("phones[0].number", {"phones", "phones[0].number"}),
        ("services[]", {"services", "services[]"}),
        ('"Order No.".value', {"Order No.", "Order No..value", '"Order No.".value'}),
    ],
)
def test_a_source_is_asked_for_names_only(path: str, names: set[str]) -> None:
    assert named(path) == names


@pytest.mark.parametrize("path", ['"a', '"a"b', '"'])
def test_a_quote_must_be_closed(path: str) -> None:
    with pytest.raises(ValueError, match="is no path"):
        check_path(path)


def test_reads_columns_and_digest_follow_the_way() -> None:
    mapping = compiled("lead: { email: e, phoneNumber: 'phones[type=mobile].number' }")
    assert mapping.reads == {"e", "phones", "phones[type=mobile].number"}
    assert mapping.needs_columns == {"e", "phones"}

    def digest(*phones: dict[str, str]) -> bytes:
        return mapping.record_digest(Record("7", {"e": "x", "phones": list(phones)}))

    work, mobile = {"type": "work", "number": "1"}, {"type": "mobile", "number": "2"}
    assert digest(work, mobile) == digest({**work, "number": "9"}, mobile)
    assert digest(work, mobile) != digest(work, {**mobile, "number": "9"})
    assert digest(work, mobile) != digest({**work, "type": "mobile"}, mobile)
