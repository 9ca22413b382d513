"""A mapping that uses every word of the language, and any record at all."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sources.base import Record
from sync.lead import FIELDS, Invalid, Lead, Skip
from sync.mapping import Mapping, mapping_from_text, parse_mapping
from sync.mapping.digests import _canonical
from sync.mapping.field_spec import FieldSpec
from sync.mapping.spec import MappingSpec
from tests.examples import times

BESIDE = Path(__file__).parent / "golden" / "mapping_errors" / "beside"
TEXT = """\
missing: [N/A, "-", "0", nix]
where: "not closed"
lead:
  contactID: { from: '"Order No.".id', as: digits }
  firstName: [{ from: full, as: { name: { part: first } }, if_invalid: drop }, First Name]
  lastName: { from: full, as: [text, { name: { part: last, case: title } }], if_invalid: drop }
  phoneNumber:
    - { from: "phones[type=mobile].number", extension: phoneExtension, several: last, if_invalid: drop }
    - { from: [phone, "phones[0].number"], region: GB, if_invalid: drop }
  email: { from: mail, split: [";", " or "], pick: first, several: first, if_invalid: drop }
  status:
    - { value: won, when: "stage == 'Closed Won'" }
    - { from: stage, values: { NEW: new, "<5": low, "5..10": mid, JUNK: }, otherwise: keep, if_invalid: drop }
    - { value: open }
  createdAt: { from: created, as: timestamp, timezone: America/Chicago, if_invalid: drop }
  updatedAt: { from: changed, format: [month_first, excel, epoch_ms], if_invalid: drop }
custom:
  rep: { lookup: { file: reps.csv, key: owner_id, value: rep_name }, default: nobody, if_invalid: drop }
  region: { from: owner_id, lookup: { file: reps.csv, key: owner_id, value: region }, otherwise: reject,
            if_invalid: drop }
  tags: { from: "tags[].name", values: { a: A, b: }, as: { text: { case: upper } }, join: ", ",
          if_invalid: drop }
  parts: { from: note, split: ",", if_invalid: drop }
  nested: { from: properties, if_invalid: drop }
  opted: { from: ok, as: boolean, if_invalid: drop }
  worth: { expr: "amount and amount|float * 2", required: true, when: amount is number, if_invalid: drop }
  dear: { template: "Dear {{ properties.first }} {{ record['First Name'] }}", default: Hello }
  plain: plain
ignore_changes: [updatedAt, phoneExtension]
"""
MAPPING = parse_mapping(TEXT, "m.yaml", timezone=UTC, directory=BESIDE)

_text = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=20),
    st.sampled_from(
        ["8045550123 x12", "804-555-0123 / 804-555-0150", "ada@example.com; bob@example.com", "NEW", "JUNK"]
    ),
    st.sampled_from(
        ["Lovelace, Ada", "N/A", " nix ", "0", "7", "5.5", "yes", "a,b,,c", "mobile", "2024-01-31"]
    ),
)
_scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), _text, st.decimals(), st.dates(),
    st.datetimes(timezones=st.just(UTC)), st.binary(max_size=5),
)  # fmt: skip
_names = st.sampled_from(["id", "first", "name", "number", "type", "a.b", "self", ""])
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3),
    max_leaves=6,
)
_columns = [
    *("Order No.", '"Order No.".id', "full", "First Name", "phones", "phone", "mail", "stage", "created"),
    *(
        "changed",
        "owner_id",
        "tags",
        "note",
        "properties",
        "ok",
        "amount",
        "plain",
        "closed",
        "record",
        "self",
    ),
]
_phones = st.lists(
    st.fixed_dictionaries({"type": st.sampled_from(["mobile", "MOBILE", "work", None]), "number": _text}),
    max_size=3,
)
_reachable = st.fixed_dictionaries({"mail": st.just("ada@example.com")})
_any_fields = st.dictionaries(st.sampled_from(_columns), _values)
_fields = st.one_of(
    _any_fields,
    st.tuples(_any_fields, _reachable, st.fixed_dictionaries({"phones": _phones})).map(
        lambda parts: {**parts[0], **parts[1], **parts[2]}
    ),
)


def test_every_word_of_the_language_is_in_it() -> None:
    words = {field.alias or name for name, field in FieldSpec.model_fields.items()} | {
        *MappingSpec.model_fields
    }
    assert [word for word in words - {"include", "examples"} if f"{word}:" not in TEXT] == []
    assert set(MAPPING.fills) == {*FIELDS} - {"id"}


@times(4)
@given(_fields)
def test_p6_it_never_raises_and_a_lead_is_valid(fields: dict[str, Any]) -> None:
    outcome = MAPPING.apply(Record("7", fields))
    assert isinstance(outcome, (Lead, Skip, Invalid))
    assert MAPPING.apply(Record("7", fields)) == outcome
    if isinstance(outcome, Lead):
        assert "phoneNumber" in outcome.standard or "email" in outcome.standard
        for name, text in (*outcome.standard.items(), *outcome.custom.items()):
            assert isinstance(text, str), name
            assert text == text.strip() != ""
        assert orjson.dumps({**outcome.standard, **outcome.custom})


@given(_fields)
def test_p5_a_kept_mapping_is_the_same_mapping(fields: dict[str, Any]) -> None:
    record = Record("7", fields)
    assert (KEPT.text, KEPT.hash, KEPT.reads) == (MAPPING.text, MAPPING.hash, MAPPING.reads)
    ours, theirs = MAPPING.apply(record), KEPT.apply(record)
    assert type(ours) is type(theirs)
    if isinstance(ours, Lead):
        assert ours == theirs
    assert MAPPING.record_digest(record) == KEPT.record_digest(record)


KEPT: Mapping = mapping_from_text(MAPPING.text)


@given(_fields, st.dictionaries(st.sampled_from(["unread", "note2", "Owner"]), _values))
def test_p2_what_is_not_read_changes_no_digest(fields: dict[str, Any], others: dict[str, Any]) -> None:
    record = Record("7", fields)
    assert MAPPING.record_digest(Record("8", {**fields, **others})) == MAPPING.record_digest(record)


def hollow(value: Any) -> bool:
    """Tell whether an object or a list of empty values is in it, which is nothing to a digest."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return bool(parts) and (all(_canonical(each) is None for each in parts) or any(map(hollow, parts)))


@given(_fields, st.sampled_from(_columns), _values)
def test_p1_what_changes_the_lead_changes_the_digest(fields: dict[str, Any], column: str, value: Any) -> None:
    """A change that the digest does not see must not be one that the lead would show."""
    assume(not hollow(fields.get(column)) and not hollow(value))
    one, other = Record("7", fields), Record("7", {**fields, column: value})
    if MAPPING.record_digest(one) == MAPPING.record_digest(other):
        before, after = MAPPING.apply(one), MAPPING.apply(other)
        assert type(before) is type(after)
        if isinstance(before, Lead) and isinstance(after, Lead):
            assert MAPPING.fingerprint(before) == MAPPING.fingerprint(after)


READ = {
    "Order No.": {"id": "8"},
    "full": "Bob Byron",
    "First Name": "Bob",
    "phone": "804 555 0199",
    "phones": [{"type": "mobile", "number": "804-555-0142"}],
    "mail": "bob@example.com",
    "stage": "Closed Won",
    "created": "2024-02-01",
    "owner_id": 8,
    "tags": [{"name": "c"}],
    "note": "z",
    "properties": {"first": "B"},
    "ok": "no",
    "amount": 9,
    "plain": "other",
    "closed": True,
}


@pytest.mark.parametrize("column", READ)
def test_every_column_that_is_read_is_seen_to_change(column: str) -> None:
    assert MAPPING.record_digest(Record("7", {})) != MAPPING.record_digest(
        Record("7", {column: READ[column]})
    )


@given(_fields)
def test_p10_no_value_of_a_record_is_in_a_message(fields: dict[str, Any]) -> None:
    secret = {name: "Zxqv Wyklm" if isinstance(value, str) else value for name, value in fields.items()}
    outcome = MAPPING.apply(Record("7", secret))
    said = outcome.reason if isinstance(outcome, Invalid) else ""
    if isinstance(outcome, Lead):
        said = " ".join(map(str, outcome.warnings))
    assert "Zxqv" not in said
    assert "Wyklm" not in said


def test_an_extension_is_kept_and_two_numbers_are_said() -> None:
    record = {"phones": [{"type": "mobile", "number": "804 555 0123 x12"}], "mail": "a@example.com"}
    lead = MAPPING.apply(Record("7", record))
    assert isinstance(lead, Lead)
    assert lead.standard["phoneNumber"] == "8045550123"
    assert lead.custom["phoneExtension"] == "12"
    record["phones"][0]["number"] = "804 555 0123, 804 555 0150"
    lead = MAPPING.apply(Record("7", record))
    assert isinstance(lead, Lead)
    assert lead.standard["phoneNumber"] == "8045550150"
    assert "phoneExtension" not in lead.custom
    (warning,) = (each for each in lead.warnings if each.path == "lead.phoneNumber")
    assert warning.message == "2 phone numbers in one value; the last is taken"
    assert warning.at == "m.yaml:8:7"


def test_a_mapping_of_the_first_language_means_what_it_meant() -> None:
    kept = {"language": 1, "mapping": {"lead": {"email": {"from": ["e"]}, "status": {"from": ["s"]}}}}
    mapping = mapping_from_text(orjson.dumps({**kept, "timezone": "UTC"}).decode())
    lead = mapping.apply(Record("7", {"e": "ada@example.com", "s": "N/A"}))
    assert isinstance(lead, Lead)
    assert lead.standard["status"] == "N/A"
