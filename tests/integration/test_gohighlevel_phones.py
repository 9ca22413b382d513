"""A phone of GoHighLevel's may begin with + and be none: what the mapping makes of it."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from sync.lead import Lead
from sync.mapping import load_mapping
from tests.crm_scene import polled, records_of
from tests.gohighlevel_scene import ago, location

if TYPE_CHECKING:
    from pathlib import Path

    from sync.mapping import Mapping

INVALID = "+178655689546"


@pytest.fixture
def mapping(tmp_path: Path) -> Mapping:
    """The mapping that `init` writes for this source."""
    path = tmp_path / "gohighlevel.yaml"
    path.write_text(files("sources.starters").joinpath("gohighlevel.mapping.yaml").read_text("utf-8"))
    return load_mapping(path, timezone=ZoneInfo("America/New_York"))


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ({"phone": "+18045550123"}, "8045550123"),
        ({"phone": INVALID, "additionalPhones": [{"phone": "+18045550124"}]}, "8045550124"),
        ({"phone": INVALID, "email": "ada@example.com"}, None),
    ],
)
async def test_a_number_that_is_none_is_never_sent_and_another_one_is(
    mapping: Mapping, said: dict[str, Any], number: str | None
) -> None:
    async with location() as (double, source):
        double.put(1, ago(20), firstName="Ada", **said)
        [record] = records_of(await polled(source, fields=mapping.reads))
    made = mapping.apply(record)
    assert isinstance(made, Lead)
    assert made.standard.get("phoneNumber") == number
