"""How long hints leave a source alone that has failed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from sync.config.schedule import parse_schedule
from sync.runtime.rests import Rests

if TYPE_CHECKING:
    from sync.config import SourceConfig

NOW = 1_790_000_000.0


def source(schedule: str | None, name: str = "crm") -> SourceConfig:
    options = SimpleNamespace(schedule=parse_schedule(schedule) if schedule else None)
    return cast("SourceConfig", SimpleNamespace(name=name, options=options))


def lengths(rests: Rests, of: SourceConfig, failures: int) -> list[float]:
    """Return how long each of so many failures in a row has it left alone."""
    found = []
    for _ in range(failures):
        rests.failed(of, NOW)
        found.append(rests.free_at(of.name) - NOW)
    return found


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("every 10s", [1, 2, 4, 8, 10, 10]),
        ("every 1s", [1, 1, 1, 1, 1, 1]),
        ("every 1d", [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]),
        ("0 7 * * *", [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]),
    ],
)
def test_rests_double_up_to_the_interval(schedule: str, expected: list[float]) -> None:
    assert lengths(Rests(), source(schedule), len(expected)) == expected


def test_a_success_ends_the_rest_and_the_next_one_is_short_again() -> None:
    rests, crm = Rests(), source("every 1m")
    assert lengths(rests, crm, 3) == [1, 2, 4]
    rests.succeeded("crm")
    assert rests.free_at("crm") < NOW
    assert lengths(rests, crm, 2) == [1, 2]


def test_sources_rest_each_for_itself_and_a_new_configuration_ends_all_rests() -> None:
    rests = Rests()
    rests.failed(source("every 1m"), NOW)
    rests.succeeded("other")
    assert rests.free_at("other") < NOW < rests.free_at("crm")
    rests.forget()
    assert rests.free_at("crm") < NOW
