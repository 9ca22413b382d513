"""Access tokens of Zoho, of which it gives ten in ten minutes, whichever process asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources._http import kept_access
from sources.errors import RateLimited
from sources.zoho import Zoho
from tests.crm_scene import keys, opened, polled
from tests.doubles.base import running
from tests.doubles.zoho import Organisation
from tests.zoho_scene import ago, way_in

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "/oauth/v2/token$"
NAMES = frozenset({"Email"})


async def process(double: Organisation, cache: Path) -> list[str]:
    """Poll as a program does that is started for it, and ends."""
    kept_access.forget()
    async with opened(Zoho, double, cache, **way_in(double)) as source:
        return keys(await polled(source, fields=NAMES))


def kept_in(cache: Path) -> Path:
    """Return the file with the times."""
    [kept] = cache.glob("asked-*.json")
    return kept


async def test_a_program_that_is_started_again_and_again_never_asks_for_an_eleventh(tmp_path: Path) -> None:
    async with running(Organisation()) as double:
        double.put(1, ago(5))
        for _ in range(10):
            double.clock.slept.append(30)
            assert await process(double, tmp_path) == ["1"]
        double.clock.slept.append(30)
        with pytest.raises(RateLimited, match="10 access tokens were asked for in 10 minutes") as caught:
            await process(double, tmp_path)
        assert caught.value.retry_after == pytest.approx(300)
        assert len(double.asked(TOKEN)) == 10
        double.clock.slept.append(300)
        assert await process(double, tmp_path) == ["1"]
        assert len(double.asked(TOKEN)) == 11


async def test_no_secret_stands_where_the_times_are_kept(tmp_path: Path) -> None:
    async with running(Organisation()) as double:
        await process(double, tmp_path)
        kept = kept_in(tmp_path)
        assert kept.read_text() == f"[{double.clock.now().timestamp()}]"
        assert double.refresh_token not in kept.name


@pytest.mark.parametrize("text", ["", "{}", "null", "[1, []]", "[99999999999.0]"])
async def test_a_file_that_is_broken_or_of_another_clock_keeps_nobody_from_asking(
    tmp_path: Path, text: str
) -> None:
    async with running(Organisation()) as double:
        double.put(1, ago(5))
        await process(double, tmp_path)
        kept = kept_in(tmp_path)
        kept.write_text(text)
        assert await process(double, tmp_path) == ["1"]
        assert kept.read_text() == f"[{double.clock.now().timestamp()}]"


async def test_a_file_that_cannot_be_written_keeps_nobody_from_asking(tmp_path: Path) -> None:
    async with running(Organisation()) as double:
        double.put(1, ago(5))
        await process(double, tmp_path)
        kept = kept_in(tmp_path)
        kept.unlink()
        kept.mkdir()
        assert await process(double, tmp_path) == ["1"]
