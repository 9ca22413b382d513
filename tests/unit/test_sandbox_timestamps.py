from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.sandbox.timestamps import is_iso8601, is_standard


@given(st.datetimes(min_value=datetime(1, 1, 1)), st.integers(-23 * 60, 23 * 60))
def test_the_documented_format_is_always_taken(moment, minutes):
    offset = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
    assert is_standard(f"{moment.replace(microsecond=0).isoformat()}{offset}")


@pytest.mark.parametrize(
    "text",
    [
        "2020-01-02T15:04:05Z",
        "2020-01-02T15:04:05-07:00",
        "2020-01-02T15:04:05.000-0700",
        "2020-01-02 15:04:05-0700",
        "2020-01-02T15:04:05",
        "2020-01-02T15:04-0700",
        "2020-01-02",
        "2020-02-30T15:04:05-0700",
        "2021-02-29T15:04:05-0700",
        "2020-13-02T15:04:05-0700",
        "2020-01-02T24:00:00-0700",
        "2020-01-02T15:04:60-0700",
        "2020-01-02T15:04:05-2400",
        "2020-01-02T15:04:05-0760",
        "2020-01-02T15:04:05-0700\n",
        " 2020-01-02T15:04:05-0700",
        "\N{FULLWIDTH DIGIT TWO}020-01-02T15:04:05-0700",
        "",
    ],
)
def test_strict_takes_nothing_else(text):
    assert not is_standard(text)


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("2020-01-02T15:04:05Z", True),
        ("2020-01-02T15:04:05.123-07:00", True),
        ("2020-01-02T15:04:05-0700", True),
        ("2020-01-02 15:04:05Z", False),
        ("2020-02-30T15:04:05Z", False),
    ],
)
def test_lenient_takes_rfc_3339_too(text, taken):
    assert is_standard(text, lenient=True) is taken


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-06 17:46:25Z",
        "2023-02-06T17:46:25Z",
        "2023-02-06T17:46:25.123456Z",
        "2023-02-06T17:46:25,5+01:30",
        "2023-02-06T17:46:25-0700",
        "2023-02-06T17:46:25-07",
        "2023-02-06T17:46:25+00:00",
        "0000-02-29T00:00:00Z",
    ],
)
def test_the_newer_api_takes_what_elixir_reads(text):
    assert is_iso8601(text)


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-06T17:46:25",
        "2023-02-06T17:46Z",
        "2023-02-06",
        "2023-02-06T17:46:25-00:00",
        "2023-02-06T17:46:25-0000",
        "2023-02-06T17:46:25-00",
        "2023-02-30T17:46:25Z",
        "2023-02-06t17:46:25z",
        "20230206T174625Z",
        "yesterday",
    ],
)
def test_the_newer_api_refuses_what_elixir_can_not_read(text):
    assert not is_iso8601(text)
