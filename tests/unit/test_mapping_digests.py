"""What a mapping keeps of records and leads to tell whether they changed, and of itself."""

from __future__ import annotations

from datetime import UTC, date, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.base import Record
from sync.lead import Lead
from sync.mapping import LANGUAGE, Mapping, UnknownLanguage, mapping_from_text, parse_mapping

if TYPE_CHECKING:
    from collections.abc import Callable

MAPPING = """\
where: "stage in ['lead']"
lead:
  email: mail
  firstName: properties.first
  status: "{{ record['Lead Status'] }}"
  updatedAt: changed
custom:
  fullName: "{{ properties.first }} {{ properties.last }}"
  big: { expr: "amount and amount|float > 10" }
  noise: noise
ignore_changes: [updatedAt, noise]
"""
RECORD: dict[str, Any] = {
    "stage": "lead",
    "mail": "ada@example.com",
    "properties": {"first": "Ada", "last": "L", "middle": "K"},
    "Lead Status": "new",
    "amount": 7,
    "changed": "2024-01-01",
    "noise": 1,
    "unread": 1,
}


def compiled(text: str = MAPPING, zone: tzinfo = UTC) -> Mapping:
    return parse_mapping(text, "m.yaml", timezone=zone)


def digest(fields: dict[str, Any], text: str = MAPPING) -> bytes:
    return compiled(text).record_digest(Record("7", fields))


def test_it_reads_what_its_fields_its_filter_and_its_templates_name() -> None:
    assert compiled().reads == {
        *("stage", "mail", "properties", "properties.first", "properties.last"),
        *("Lead Status", "amount", "changed", "noise"),
    }


@pytest.mark.parametrize(
    "template",
    ["{% for name in record %}{{ name }}{% endfor %}", "{{ record[which] }}", "{{ record|length }}"],
)
def test_a_template_over_the_whole_record_reads_all_of_it(template: str) -> None:
    text = f'lead: {{ email: mail, status: "{template}" }}'
    assert compiled(text).reads is None
    assert digest(RECORD, text) != digest({**RECORD, "unread": 2}, text)


@pytest.mark.parametrize(
    "change",
    [
        {"stage": "won"},
        {"mail": "bob@example.com"},
        {"properties": {"first": "Bob", "last": "L"}},
        {"properties": {"first": "Ada", "last": "M"}},
        {"properties.first": "Bob"},
        {"Lead Status": "old"},
        {"amount": 8},
        {"mail": None},
    ],
)
def test_a_change_of_what_feeds_the_lead_changes_the_digest(change: dict[str, Any]) -> None:
    assert digest({**RECORD, **change}) != digest(RECORD)


@pytest.mark.parametrize(
    "change",
    [
        {"changed": "2025-01-01"},
        {"noise": 2},
        {"unread": 2},
        {"another": 1},
        {"amount": 7.0},
        {"amount": Decimal("7.00")},
        {"properties": {"middle": "J", "last": "L", "first": "Ada"}},
    ],
)
def test_p2_any_other_change_does_not(change: dict[str, Any]) -> None:
    assert digest({**RECORD, **change}) == digest(RECORD)
    assert digest(dict(reversed({**RECORD, **change}.items()))) == digest(RECORD)


@pytest.mark.parametrize("nothing", [None, "", "  ", float("nan"), [], {}])
def test_null_missing_and_empty_are_one(nothing: Any) -> None:
    missing = {name: value for name, value in RECORD.items() if name != "mail"}
    assert digest({**RECORD, "mail": nothing}) == digest(missing)


def test_what_is_read_of_a_date_or_by_a_method_counts() -> None:
    text = 'lead: { email: mail, status: "{{ day.year }}", lastName: "{{ name.upper() }}" }'
    assert digest({"day": date(2024, 1, 1)}, text) != digest({"day": date(2025, 1, 1)}, text)
    assert digest({"name": "a"}, text) != digest({"name": "b"}, text)


def test_what_a_loop_reads_counts() -> None:
    text = 'lead: { email: mail, status: "{% for p in phones %}{{ p.kind }}{% endfor %}" }'
    assert compiled(text).reads == {"mail", "phones"}
    assert digest({"phones": [{"kind": "a"}]}, text) != digest({"phones": [{"kind": "b"}]}, text)


def test_the_fingerprint_is_of_what_the_lead_says() -> None:
    mapping = compiled()
    lead = mapping.apply(Record("7", RECORD))
    assert isinstance(lead, Lead)
    same = mapping.apply(Record("7", {**RECORD, "changed": "2025-01-01", "noise": 2, "amount": "8"}))
    other = mapping.apply(Record("7", {**RECORD, "Lead Status": "old"}))
    assert isinstance(same, Lead)
    assert isinstance(other, Lead)
    assert mapping.fingerprint(same) == mapping.fingerprint(lead) != mapping.fingerprint(other)
    reordered = Lead(dict(reversed(lead.standard.items())), dict(reversed(lead.custom.items())))
    assert mapping.fingerprint(reordered) == mapping.fingerprint(lead)
    with pytest.raises(KeyError):
        mapping.fingerprint(lead, version=999)
    with pytest.raises(KeyError):
        mapping.record_digest(Record("7", RECORD), version=999)


def test_ignoring_a_nested_property_ignores_its_parts() -> None:
    mapping = compiled("lead: { email: mail }\ncustom: { car: car, cars: cars }\nignore_changes: [car]")
    base, noisy, other = (
        mapping.apply(Record("7", {"mail": "ada@example.com", "car": {"a": a}, "cars": {"a": b}}))
        for a, b in ((1, 1), (2, 1), (1, 2))
    )
    assert isinstance(base, Lead)
    assert isinstance(noisy, Lead)
    assert isinstance(other, Lead)
    assert mapping.fingerprint(base) == mapping.fingerprint(noisy) != mapping.fingerprint(other)


def test_p5_comments_order_form_and_examples_are_no_edit() -> None:
    rewritten = """\
# a comment
ignore_changes: [noise, updatedAt, noise]
custom:
  noise: { from: noise }
  big:
    expr: "amount and amount|float > 10"
  fullName: { template: "{{ properties.first }} {{ properties.last }}" }
lead:
  updatedAt: { from: [changed], if_invalid: reject, required: false }
  status: '{{ record[''Lead Status''] }}'
  firstName: properties.first
  email: mail
where: stage in ['lead']
examples:
  - { record: {}, skip: true }
"""
    assert compiled(rewritten).text == compiled().text
    assert compiled(rewritten).hash == compiled().hash


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("email: mail", "email: email_1"),
        lambda text: text.replace("['lead']", "['lead', 'mql']"),
        lambda text: text.replace("> 10", "> 11"),
        lambda text: text.replace("[updatedAt, noise]", "[updatedAt]"),
        lambda text: text.replace("changed", "{ from: changed, timezone: America/Chicago }"),
    ],
)
def test_any_other_edit_is_one(edit: Callable[[str], str]) -> None:
    assert compiled(edit(MAPPING)).hash != compiled().hash


def test_the_zone_of_the_source_is_part_of_it() -> None:
    assert compiled(zone=ZoneInfo("America/Chicago")).hash != compiled().hash


@pytest.mark.parametrize(
    "zone", [UTC, ZoneInfo("America/New_York"), timezone(timedelta(hours=-5, minutes=-30))]
)
def test_a_kept_mapping_is_the_same_mapping(zone: tzinfo) -> None:
    mapping = compiled(zone=zone)
    kept = mapping_from_text(mapping.text)
    assert (kept.text, kept.hash, kept.reads, kept.file) == (mapping.text, mapping.hash, mapping.reads, "")
    record = Record("7", RECORD)
    assert kept.apply(record) == mapping.apply(record)
    assert kept.record_digest(record) == mapping.record_digest(record)
    skipped = kept.apply(Record("7", {}))
    assert skipped.reason == "where: stage in ['lead']"  # type: ignore[union-attr]


def test_a_zone_that_has_no_name_cannot_be_kept() -> None:
    class Odd(tzinfo):
        pass

    with pytest.raises(
        ValueError, match=r"a time zone of type Odd has no name to keep; use zoneinfo\.ZoneInfo"
    ):
        compiled(zone=Odd())


def test_a_mapping_of_a_newer_program_is_not_guessed_at() -> None:
    text = compiled().text.replace(f'"language":{LANGUAGE}', '"language":99')
    with pytest.raises(UnknownLanguage, match="version 99 of the language"):
        mapping_from_text(text)


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("float", "filter_of_another_time"),
        lambda text: text.replace("America/New_York", "Atlantis/Poseidonis"),
        lambda text: text.replace('"mapping"', '"mappings"'),
        lambda text: text.replace('"lead"', '"laed"'),
        lambda text: text[:-1],
        lambda _text: "[]",
    ],
)
def test_a_kept_mapping_that_cannot_be_read_is_one_thing_to_expect(edit: Callable[[str], str]) -> None:
    text = compiled(zone=ZoneInfo("America/New_York")).text
    assert edit(text) != text
    with pytest.raises(UnknownLanguage, match="a mapping that this program can't read"):
        mapping_from_text(edit(text))


_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.decimals(),
    st.datetimes(),
    st.binary(),
)
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*RECORD, "properties.first"]), _values), _values)
def test_digests_never_fail_and_see_no_order_and_nothing_ignored(fields: dict[str, Any], other: Any) -> None:
    mapping = compiled()
    found = mapping.record_digest(Record("7", fields))
    assert len(found) == 16
    shuffled = dict(reversed(fields.items()))
    assert (
        mapping.record_digest(Record("8", {**shuffled, "changed": other, "noise": other, "x": other}))
        == found
    )
