"""docs/adapters.md: the adapter on the page is whole, and passes the contract as the page says."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tomllib
from datetime import UTC
from typing import TYPE_CHECKING, Any

import pytest

from sources import BadRecord, PollRequest, SourceContext, Unavailable
from sources import base as contract
from tests.docs.pages import ROOT, blocks

if TYPE_CHECKING:
    from pathlib import Path

(ADAPTER,) = blocks("python adapter")
(CONTRACT,) = blocks("python contract")
#: What an author's own project would have in pyproject.toml.
INI = "[pytest]\nasyncio_default_fixture_loop_scope = function\n"
PAGE = (ROOT / "docs" / "adapters.md").read_text(encoding="utf-8")


def test_the_adapter_passes_its_contract(tmp_path: Path) -> None:
    (tmp_path / "leadrelay_jsonl.py").write_text(ADAPTER.text, encoding="utf-8")
    (tmp_path / "test_jsonl.py").write_text(CONTRACT.text, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text(INI, encoding="utf-8")
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-W", "error", "--rootdir", str(tmp_path)]
    command = [sys.executable, "-m", "pytest", *options, str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "skipped" not in done.stdout
    assert int(done.stdout.split(" passed")[0].split()[-1]) > 20


def test_what_it_can_not_read_it_sets_aside(tmp_path: Path) -> None:
    (tmp_path / "leads.jsonl").write_text('{"id": 7}\n{"id": \n[1]\n{"id": null}\n{"no": 1}\n', "utf-8")
    pages = asyncio.run(_pages(tmp_path))
    assert [record.key for page in pages for record in page.records] == ["7"]
    bad = [error for page in pages for error in page.bad]
    assert all(isinstance(error, BadRecord) for error in bad)
    assert [error.where for error in bad] == ["line 2", "line 3", "line 4", "line 5"]


def test_what_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"leads\.jsonl"):
        asyncio.run(_pages(tmp_path))


async def _pages(directory: Path) -> list[Any]:
    names: dict[str, Any] = {"__name__": "leadrelay_jsonl"}
    exec(compile(ADAPTER.text, "adapters.md", "exec"), names)  # noqa: S102 - the page is ours
    settings = names["JsonlSettings"](path="leads.jsonl", key="id")
    source = names["Jsonl"](settings, SourceContext("leads", directory, UTC))
    return [page async for page in source.poll(PollRequest())]


def test_the_package_is_one() -> None:
    (package,) = blocks("toml")
    project = tomllib.loads(package.text)["project"]
    assert project["entry-points"]["leadrelay.sources"] == {"jsonl": "leadrelay_jsonl:Jsonl"}


def test_the_page_names_every_ability() -> None:
    protocols = (
        value
        for name, value in vars(contract).items()
        if name in contract.__all__ and getattr(value, "_is_protocol", False) and name != "Source"
    )
    members = {
        member
        for each in protocols
        for member in (*vars(each), *getattr(each, "__annotations__", {}))
        if not member.startswith("_")
    }
    assert {member for member in members - {"keys_are_places"} if member not in PAGE} == set()
