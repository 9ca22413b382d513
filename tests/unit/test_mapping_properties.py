"""Whatever a record holds: a mapping never raises, and a lead is always what the endpoint takes."""

from __future__ import annotations

import re
from datetime import UTC
from zoneinfo import ZoneInfo

import orjson
from hypothesis import given
from hypothesis import strategies as st

from sources.base import Record
from sync.lead import FIELDS, Invalid, Lead, Skip
from sync.mapping import mapping_from_text, parse_mapping
from tests.examples import times

MAPPING = parse_mapping(
    """\
where: "stage not in ['won'] and not closed"
lead:
  contactID: { from: [id, properties.id] }
  firstName: properties.first
  lastName: "{{ record['Last Name']|title }}"
  phoneNumber: { from: [phones.0.number, phone], if_invalid: drop }
  email: mail
  status: { from: stage, values: { NEW: new, 7: seven }, default: other }
  createdAt: { from: created, if_invalid: drop }
  updatedAt: { from: changed, format: [month_first, excel, epoch_ms], if_invalid: drop }
custom:
  all: "{% for name in record %}{{ name }},{% endfor %}"
  nested: properties
  worth: { expr: "amount and amount|float * 2" }
  fullName: { template: "{{ properties.first }} {{ properties.last }}", default: somebody }
""",
    "m.yaml",
    timezone=ZoneInfo("America/New_York"),
)
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}")
PHONE = re.compile(r"[2-9]\d\d[2-9]\d{6}|\+[1-9]\d{4,16}")

_text = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=30),
    st.sampled_from(
        ["8045550123", "ada@example.com", "NEW", "2024-01-31T10:00:00Z", "true", "7", "\ud83d", "\x00"]
    ),
    st.emails(),
)
_scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), _text, st.decimals(), st.dates(),
    st.datetimes(), st.datetimes(timezones=st.just(UTC)), st.binary(max_size=5),
)  # fmt: skip
_names = st.sampled_from(
    [
        "id",
        "first",
        "last",
        "Last Name",
        "number",
        "phone",
        "mail",
        "stage",
        "self",
        "record",
        "a.b",
        "closed",
        "",
    ]
)
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3),
    max_leaves=6,
)
_columns = ["id", "Last Name", "phones", "phone", "mail", "stage", "closed", "created", "changed", "amount",
            "properties", "phones.0.number", "self", "record", "properties.first"]  # fmt: skip
_records = st.dictionaries(st.sampled_from(_columns), _values).map(lambda fields: Record("7", fields))


@times(4)
@given(_records)
def test_p6_a_mapping_never_raises_and_a_lead_is_valid(record: Record) -> None:
    outcome = MAPPING.apply(record)
    assert isinstance(outcome, (Lead, Skip, Invalid))
    assert MAPPING.apply(record) == outcome
    if isinstance(outcome, Lead):
        check(outcome)


def check(lead: Lead) -> None:
    assert set(lead.standard) <= set(FIELDS)
    assert "phoneNumber" in lead.standard or "email" in lead.standard
    for text in (*lead.standard.values(), *lead.custom.values()):
        assert text == text.strip() != ""
    assert not {*FIELDS, "source"} & lead.custom.keys()
    assert orjson.dumps({**lead.standard, **lead.custom})
    assert PHONE.fullmatch(lead.standard.get("phoneNumber", "8045550123"))
    for name in ("createdAt", "updatedAt"):
        assert TIMESTAMP.fullmatch(lead.standard.get(name, "2020-01-02T15:04:05-0700"))


@given(_records)
def test_a_kept_mapping_gives_the_same(record: Record) -> None:
    kept = mapping_from_text(MAPPING.text)
    ours, theirs = MAPPING.apply(record), kept.apply(record)
    assert type(ours) is type(theirs)
    if isinstance(ours, Lead):
        assert ours == theirs
    assert MAPPING.record_digest(record) == kept.record_digest(record)


@given(_records)
def test_p2_mapping_what_a_lead_says_gives_the_same_lead(record: Record) -> None:
    again = parse_mapping(
        "lead:\n" + "".join(f"  {name}: {name}\n" for name in FIELDS),
        "m.yaml",
        timezone=ZoneInfo("Asia/Tokyo"),
    )
    outcome = MAPPING.apply(record)
    if isinstance(outcome, Lead):
        repeated = again.apply(Record("7", outcome.standard))
        assert isinstance(repeated, Lead)
        assert repeated.standard == outcome.standard


@given(_records)
def test_p10_no_value_of_a_record_is_in_a_message(record: Record) -> None:
    secret = {
        name: "Zxqv Wyklm" if isinstance(value, str) else value for name, value in record.fields.items()
    }
    outcome = MAPPING.apply(Record("7", secret))
    said = ""
    if isinstance(outcome, Invalid):
        said = outcome.reason
    elif isinstance(outcome, Lead):
        said = " ".join(map(str, outcome.warnings))
    assert "Zxqv" not in said
    assert "Wyklm" not in said
