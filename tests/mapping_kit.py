"""Short ways to map one record in a test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from sources.base import Record
from sync.lead import Invalid, Lead
from sync.located_yaml import ConfigError
from sync.mapping import Mapping, parse_mapping

if TYPE_CHECKING:
    from pathlib import Path

ZONE = ZoneInfo("America/New_York")


def compiled(text: str, directory: Path | None = None) -> Mapping:
    """Return a mapping that is called m.yaml."""
    return parse_mapping(text, "m.yaml", timezone=ZONE, directory=directory)


def mapped(text: str, record: dict[str, Any], directory: Path | None = None) -> Lead:
    """Return the lead that a mapping makes of a record."""
    outcome = compiled(text, directory).apply(Record("7", record))
    assert isinstance(outcome, Lead), outcome
    return outcome


def field(
    written: str, record: dict[str, Any], *, top: str = "", directory: Path | None = None
) -> str | None:
    """Return what a field, written as in YAML, gives for a record; None when it is left out."""
    text = f"{top}\nlead: {{ email: {{ value: ada@example.com }} }}\ncustom:\n  it: {written}\n"
    return mapped(text, record, directory).custom.get("it")


def refused(written: str, record: dict[str, Any], *, top: str = "", directory: Path | None = None) -> str:
    """Return why a record is set aside by a field."""
    text = f"{top}\nlead: {{ email: {{ value: ada@example.com }} }}\ncustom:\n  it: {written}\n"
    outcome = compiled(text, directory).apply(Record("7", record))
    assert isinstance(outcome, Invalid), outcome
    return outcome.reason


def wrong(text: str, directory: Path | None = None) -> list[str]:
    """Return what is said of a mapping file that is wrong."""
    with pytest.raises(ConfigError) as refusal:
        compiled(text, directory)
    return list(map(str, refusal.value.problems))
