"""``make demo``, as a stranger runs it: what it shows, and that it ends by itself where nobody watches."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from demo.story import CHANGED_LEADS, FIRST_LEADS

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "project"


@pytest.fixture(scope="module")
def played(directory: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Run the demo once, with an empty home and a real Hatch's settings in the way."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path_factory.mktemp("home")),
        "HATCH_API_KEY": "a-real-key",
        "LEADRELAY_ENDPOINT__BASE_URL": "https://example.com/never/",
    }
    command = [sys.executable, "-W", "error", "-m", "demo.run", "--directory", str(directory)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


def test_what_is_there_arrives_and_the_rest_is_set_aside(played: str) -> None:
    assert FIRST_LEADS == 67
    first = _part(played, "Send what is there")
    assert _counts(first) == {
        "crm": {"POLLED": 24, "NEW": 21, "SKIPPED": 2, "INVALID": 1},
        "orders": {"POLLED": 30, "NEW": 29, "SKIPPED": 1, "INVALID": 0},
        "walk_ins": {"POLLED": 18, "NEW": 17, "SKIPPED": 0, "INVALID": 1},
    }
    assert "delivery: 67 accepted" in first
    assert "Hatch has taken 67 leads in all, and none of them twice." in first
    assert re.findall(r"(?m)^(\S+) +invalid ", first) == ["crm:709", "walk_ins:W-11"]


def test_p2_a_second_sync_sends_nothing(played: str) -> None:
    again = _part(played, "Once more, with nothing changed")
    assert "delivery: 0 accepted" in again
    assert "Hatch has taken 67 leads in all" in again


def test_exactly_what_changed_arrives(played: str) -> None:
    assert CHANGED_LEADS == 5
    changes = _part(played, "Change a few")
    counts = _counts(changes)
    assert {name: (row["NEW"], row["CHANGED"]) for name, row in counts.items()} == {
        "crm": (1, 1),
        "orders": (1, 0),
        "walk_ins": (1, 1),
    }
    assert counts["walk_ins"]["POLLED"] == 18
    assert "Hatch has taken 72 leads in all, and none of them twice." in changes
    arrived = changes[changes.index("These are what arrived") :]
    assert re.findall(r"(?m)^  (\S+) +\S+ \S+, ", arrived) == ["5031", "703", "709", "W-11", "W-4"]


def test_it_shows_how_things_stand_and_what_to_do_next(played: str) -> None:
    assert "orders:5031  accepted" in _part(played, "See how things stand")
    assert "leadrelay init my-leads" in _part(played, "Your own")


def test_every_command_that_it_types_ends_as_it_says(played: str) -> None:
    typed = re.findall(r"(?m)^\$ leadrelay (\S+)", played)
    codes = re.findall(r"(?m)^\[exit code (\d+): ", played)
    assert list(zip(typed, codes, strict=True)) == [
        ("check", "0"),
        ("sync", "1"),
        ("leads", "0"),
        ("sync", "0"),
        ("sync", "0"),
        ("status", "0"),
        ("trace", "0"),
    ]


def test_in_a_pipe_it_is_plain_text(played: str) -> None:
    assert "\x1b" not in played
    assert "\r" not in played


def test_what_it_reads_with_are_the_files_of_the_project(played: str, directory: Path) -> None:
    assert played
    for name in ("connector.yaml", "mappings/crm.yaml", "mappings/orders.yaml", "mappings/walk-ins.yaml"):
        assert (directory / name).read_bytes() == (ROOT / name).read_bytes()


def test_it_removes_nothing_that_it_has_not_made(tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_text("mine", encoding="utf-8")
    command = [sys.executable, "-m", "demo.run", "--directory", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "no demo has made" in done.stderr
    assert own.read_text(encoding="utf-8") == "mine"


def _part(played: str, heading: str) -> str:
    """Return a chapter of the demo."""
    parts = re.split(r"(?m)^── (.+?) ─+$", played)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[heading]


def _counts(part: str) -> dict[str, dict[str, int]]:
    """Return the table that a sync prints, by source and heading."""
    lines = [line.split() for line in part.splitlines()]
    start = next(number for number, words in enumerate(lines) if words[:1] == ["SOURCE"])
    return {
        words[0]: dict(zip(lines[start][1:], map(int, words[1:]), strict=True))
        for words in lines[start + 1 : start + 4]
    }
