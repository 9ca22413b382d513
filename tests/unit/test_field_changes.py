"""Field by field against digests: what is other, new and gone, and what of it counts."""

from __future__ import annotations

from datetime import UTC

import pytest

from sync.lead import Lead
from sync.mapping import parse_mapping
from sync.store.digests import field_digests
from sync.store.field_changes import Change, FieldChanges

KEY = b"k" * 16
BEFORE = Lead({"status": "new", "email": "ada@example.com"}, {"plan": "gold", "tags.0": "a"})
MAPPING = """
lead: {{ email: email, status: status, updatedAt: changed }}
custom: {{ plan: plan, tags: tags }}
ignore_changes: {ignored}
"""


def changes(ignored: str = "[updatedAt]") -> FieldChanges:
    """Compare under a mapping that ignores these."""
    return FieldChanges(parse_mapping(MAPPING.format(ignored=ignored), "crm.yaml", timezone=UTC), KEY)


def test_each_field_is_other_new_gone_or_the_same() -> None:
    now = Lead({"email": "ada@example.com", "status": "won"}, {"plan": "gold", "town": "Rome"})
    assert changes().all(now, field_digests(BEFORE, KEY)) == [
        Change("status", "changed", "won"),
        Change("custom.town", "added", "Rome"),
        Change("custom.tags.0", "removed", None),
    ]


def test_all_is_added_where_nothing_is_kept() -> None:
    assert {each.what for each in changes().all(BEFORE, None)} == {"added"}


def test_a_custom_property_called_like_a_standard_one_is_another() -> None:
    now = Lead(BEFORE.standard, {**BEFORE.custom, "status": "new"})
    assert changes().all(now, field_digests(BEFORE, KEY)) == [Change("custom.status", "added", "new")]


@pytest.mark.parametrize(
    ("ignored", "counted"),
    [
        ("[updatedAt]", ["status", "custom.plan", "custom.tags.0"]),
        ("[status]", ["updatedAt", "custom.plan", "custom.tags.0"]),
        ("[plan, tags]", ["status", "updatedAt"]),
    ],
)
def test_what_is_ignored_does_not_count(ignored: str, counted: list[str]) -> None:
    now = Lead(
        {**BEFORE.standard, "status": "won", "updatedAt": "2026-03-01T12:00:00+0000"}, {"plan": "iron"}
    )
    found = changes(ignored).counted(now, field_digests(BEFORE, KEY))
    assert [each.field for each in found] == counted
