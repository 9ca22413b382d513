"""How the rules about who must not be texted are written, and what is said of what they are not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from sync.gates import Dedupe, Suppress
from sync.gates.dedupe import parse_dedupe

MONTH = timedelta(days=30)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("phone, email within 30d", Dedupe(("phone", "email"), MONTH)),
        (" Email  within 4w 2d ", Dedupe(("email",), MONTH)),
        ({"by": ["phone", "email"], "within": "30d"}, Dedupe(("phone", "email"), MONTH)),
        ({"by": "phone", "within": "30d"}, Dedupe(("phone",), MONTH)),
    ],
)
def test_dedupe_is_a_line_or_a_section(written: Any, meant: Dedupe) -> None:
    assert parse_dedupe(written) == meant
    assert parse_dedupe(str(meant)) == meant


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("phone, email", "expected text as in: phone, email within 30d"),
        ("phone, name within 30d", "by phone, by email, or by both"),
        ("phone, phone within 30d", "each named once"),
        ("phone within 0s", "must be longer than nothing"),
        ("phone within a month", "is not a duration"),
        ({"by": ["phone"]}, "expected text as in"),
        ({"by": [], "within": "30d"}, "by phone, by email, or by both"),
        (30, "expected text as in"),
    ],
)
def test_what_is_no_dedupe_is_refused(written: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_dedupe(written)


@pytest.mark.parametrize(
    "written",
    [
        "data/stop.csv",
        {"path": "data/stop.csv", "region": "gb"},
        {"url": "sqlite:///shop.db", "query": "select phone from opt_outs"},
        {"url": "sqlite:///shop.db", "table": "opt_outs", "columns": ["phone"]},
    ],
)
def test_a_list_is_a_file_or_a_part_of_a_database(written: Any) -> None:
    assert Suppress.model_validate(written).region in ("US", "GB")


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"path": "stop.csv", "url": "sqlite:///shop.db", "query": "select 1"},
        {"path": "stop.csv", "columns": ["phone"]},
        {"url": "sqlite:///shop.db"},
        {"url": "sqlite:///shop.db", "table": "opt_outs"},
        {"url": "sqlite:///shop.db", "table": "opt_outs", "columns": ["phone"], "query": "select 1"},
        {"query": "select phone from opt_outs"},
    ],
)
def test_neither_both_nor_half_of_it(written: Any) -> None:
    with pytest.raises(ValidationError, match="name a file, or a database by `url` with `query`"):
        Suppress.model_validate(written)


def test_a_region_that_is_none_is_refused_and_a_password_never_shown() -> None:
    with pytest.raises(ValidationError, match="is not the code of a country"):
        Suppress.model_validate({"path": "stop.csv", "region": "Britain"})
    made = Suppress.model_validate({"url": "postgresql://me:very-secret@db/shop", "query": "select 1"})
    assert "very-secret" not in repr(made)
