"""Defaults of durations and rates in JSON Schemas are as people write them, and as their pattern has them."""

from __future__ import annotations

import re
from datetime import timedelta

from pydantic import Field

from sources.base import SourceSettings
from sources.units import AsWritten, Duration, Rate, RateLimit, parse_rate


class Settings(SourceSettings):
    timeout: Duration = Field(timedelta(seconds=90), description="A duration.")
    rate_limit: RateLimit = Field(parse_rate("5/s"), description="A rate.")
    either: RateLimit | None = Field(Rate(100, timedelta(seconds=10)), description="A rate, or none.")
    name: str = Field("x", description="Text.")


def test_defaults_are_as_written_and_keep_to_their_pattern() -> None:
    told = Settings.model_json_schema(schema_generator=AsWritten)["properties"]
    assert {name: each["default"] for name, each in told.items()} == {
        "timeout": "1m30s",
        "rate_limit": "5/s",
        "either": "100/10s",
        "name": "x",
    }
    for name in ("timeout", "rate_limit"):
        assert re.search(told[name]["pattern"], told[name]["default"])
