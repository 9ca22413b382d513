"""Whatever columns are called and hold, a draft is YAML that says what was meant, and checks cleanly."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from sync.located_yaml import parse_yaml
from sync.mapping import parse_mapping
from sync.suggesting import choose, draft
from sync.suggesting.connecting import setting
from sync.suggesting.drafting import _flow
from sync.suggesting.yaml_text import readable, scalar

ZONE = ZoneInfo("UTC")
#: Letters, and everything that means something to YAML, Jinja or a path.
NAMES = st.one_of(
    st.text(min_size=1, max_size=30),
    st.text(alphabet="ab .:,#'\"\\[]{}%&*!|>@`-?\t\n", min_size=1, max_size=12),
    st.sampled_from(
        [
            "null",
            "true",
            "No",
            "7",
            "1e3",
            "~",
            "{{ x }}",
            "{% if %}",
            "a: b",
            "a #b",
            "${X}",
            "- a",
            "=",
            "é",
        ]
    ),
)
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.just("ada@example.com")
)


@settings(deadline=None)
@given(NAMES)
def test_a_text_is_read_back_as_it_is_wherever_it_stands(name: str) -> None:
    # What can't be seen is no name, and is not given to anything.
    assert readable(name) or not (name.isprintable() and name.strip())
    assume(readable(name))
    written = scalar(name)
    assert parse_yaml(f"{written}: {written}\n", "x").data == {name: name}
    assert parse_yaml(f"- {written}\n", "x").data == [name]
    listed = _flow(name)
    assert parse_yaml(f"a: {{ from: [{listed}, {listed}] }}\n", "x").data == {"a": {"from": [name, name]}}


@settings(deadline=None)
@given(NAMES)
@example("Order No.: ${A}")
def test_a_setting_names_no_variable(name: str) -> None:
    assert "${" not in setting(name).replace("$${", "")


@settings(deadline=None)
@given(
    st.lists(NAMES, min_size=1, max_size=5, unique=True), st.lists(st.lists(VALUES, max_size=6), max_size=6)
)
def test_the_drafted_mapping_checks_cleanly(names: list[str], rows: list[list[Any]]) -> None:
    records = [dict(zip([*names, "e-mail"], [*row, "ada@example.com"], strict=False)) for row in rows]
    checked(records, [*names, "e-mail"])


@settings(deadline=None)
@given(
    st.dictionaries(NAMES, st.one_of(VALUES, st.dictionaries(NAMES, VALUES, max_size=3)), max_size=4),
    st.lists(st.fixed_dictionaries({"number": st.just("+1 804 555 0123")}), min_size=1, max_size=2),
)
def test_so_it_is_inside_of_objects(record: dict[str, Any], phones: list[dict[str, str]]) -> None:
    checked([{**record, "phones": phones}])


@settings(deadline=None)
@given(NAMES)
def test_a_column_of_any_name_is_read_by_it(name: str) -> None:
    records = [{name: f"ada{number}@example.com", "x": number} for number in range(8)]
    choice = choose(records)
    if "email" not in choice.fields:  # a name that nothing could be called by
        return
    mapping = parse_mapping(draft(choice, "crm"), "x", timezone=ZONE)
    from sources.base import Record

    lead = mapping.apply(Record("1", records[0]))
    assert lead.standard["email"] == "ada0@example.com"


def checked(records: list[dict[str, Any]], names: list[str] = ()) -> None:
    choice = choose(records, names)
    if {"phoneNumber", "email"} & choice.fields.keys():
        mapping = parse_mapping(draft(choice, "crm"), "x", timezone=ZONE)
        assert list(map(str, mapping.run_examples())) == []
