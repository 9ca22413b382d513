"""Refresh tokens that rotate, renewed by several processes at once, and by some that are killed."""

from __future__ import annotations

import asyncio
import json
import stat
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tests import renewing_process
from tests.command import environment
from tests.doubles.oauth_vendor import Vendor
from tests.installed import ROOT
from tests.process_of_a_test import started
from tests.rest_server import Asked, Reply, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

PATIENCE = 60.0
KEY = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="


@asynccontextmanager
async def renewing(*arguments: str, **environ: str) -> AsyncIterator[asyncio.subprocess.Process]:
    command = (sys.executable, "-W", "error", "-m", "tests.renewing_process", *arguments)
    async with started(*command, cwd=ROOT, env=environment(**environ)) as process:
        yield process


async def renewed(*arguments: str, **environ: str) -> tuple[list[str], str]:
    """Return the tokens that a process got, and what went wrong."""
    async with renewing(*arguments, **environ) as process:
        out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    return out.decode().splitlines(), err.decode()


async def renewed_here(url: str, cache: Path, times: int) -> list[str]:
    """Return the tokens that this process gets, where it is all the same which one asks."""
    return [token async for token in renewing_process.renew(url, cache, times)]


def vendor() -> Vendor:
    return Vendor(refresh="first-s3cret")


def the_file(cache: Path) -> Path:
    (found,) = cache.glob("oauth-crm-*.json")
    return found


@pytest.mark.parametrize("environ", [{}, {"LEADRELAY_TOKEN_KEY": KEY}], ids=["plain", "encrypted"])
async def test_p12_processes_renew_one_after_another_and_none_uses_up_the_others_token(tmp_path, environ):
    double = vendor()  # a token that is used twice kills the family
    async with serving(double.answer) as api:
        calls = [renewed(f"{api.base}/token", str(tmp_path), "5", **environ) for _ in range(3)]
        found = await asyncio.gather(*calls)
    assert [err for _, err in found] == [""] * 3
    assert len({token for out, _ in found for token in out}) == 15
    assert double.issued == 15
    assert (str(double.refresh) in the_file(tmp_path).read_text()) is not bool(environ)


async def test_p3_who_renews_after_one_that_was_killed_need_not_wait(tmp_path):
    double, asked_for_it = vendor(), asyncio.Event()

    def answer(asked: Asked) -> object:
        if not asked_for_it.is_set():
            asked_for_it.set()
            return Reply(status=500, delay=2)  # it never comes to a decision
        return double.answer(asked)

    async with serving(answer) as api:
        url = f"{api.base}/token"
        async with renewing(url, str(tmp_path), "1") as first:
            await asyncio.wait_for(asked_for_it.wait(), PATIENCE)
            first.kill()
            await first.wait()
            # Less than the minute after which a lock is given up as held.
            assert await renewed_here(url, tmp_path, 1) == ["Bearer access-s3cret-1"]


@pytest.mark.parametrize(("moment", "kept"), [("before", 1), ("after", 2)])
async def test_p3_a_kill_while_a_token_is_saved_leaves_a_whole_file(tmp_path, moment, kept):
    double = vendor()
    async with serving(double.answer) as api:
        url = f"{api.base}/token"
        await renewed_here(url, tmp_path, 1)
        async with renewing(url, str(tmp_path), "1", moment) as process:
            said = await asyncio.wait_for(process.stdout.readline(), PATIENCE)
            assert said == b"hangs\n"  # and nothing before it: the access token is not used yet
            process.kill()
            await process.wait()
        assert json.loads(the_file(tmp_path).read_text())["refresh_token"] == f"refresh-s3cret-{kept}"
        assert [oct(stat.S_IMODE(path.stat().st_mode)) for path in tmp_path.glob(".*")] == (
            ["0o600"] if moment == "before" else []
        )
        # As if the vendor allowed the old one once more, as some do for a minute.
        double.refresh = f"refresh-s3cret-{kept}"
        assert await renewed_here(url, tmp_path, 2) == ["Bearer access-s3cret-3", "Bearer access-s3cret-4"]
    assert list(tmp_path.glob(".*")) == []


async def test_a_family_that_is_dead_asks_for_a_person(tmp_path):
    double = vendor()
    async with serving(double.answer) as api:
        url = f"{api.base}/token"
        await renewed_here(url, tmp_path, 1)
        the_file(tmp_path).unlink()  # as a backup that was restored without it
        assert "authorise again" in (await renewed(url, str(tmp_path), "1"))[1]
    assert double.refresh is None
