"""Leads per second, from a CSV file through the installed command into the stub, promises kept."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks import project
from benchmarks.process import run
from benchmarks.report import Row

if TYPE_CHECKING:
    from benchmarks.setting import Setting

ROOT = Path(__file__).resolve().parent.parent
_SCRIPT = Path(__file__).with_name("wrk_post.lua")
_LEADS = 20_000


def measure(setting: Setting) -> list[Row]:
    """Return leadrelay beside wrk at a latency, and beside the hand-written loop at no latency."""
    directory = setting.directory / "throughput"
    leads = setting.leads(_LEADS)
    project.write_csv_project(directory, setting.stub.base_url, leads)
    return [_beside_wrk(setting, directory, leads), _beside_reference(setting, directory, leads)]


def _beside_wrk(setting: Setting, directory: Path, leads: int) -> Row:
    """Compare requests a second as the endpoint sees them, which is what wrk reports too."""
    ours: list[float] = []
    theirs: list[float] = []
    whole: list[float] = []
    for _ in range(setting.rounds):
        theirs.append(_wrk(setting))
        window, wall = _leadrelay(setting, directory, leads, setting.latency_ms)
        ours.append(leads / window)
        whole.append(leads / wall)
    how = f"{median(ours):,.0f}/s of wrk's {median(theirs):,.0f}/s; with start and end {median(whole):,.0f}/s"
    name = f"{setting.latency_ms} ms, 50 in flight ÷ wrk"
    return Row(name, median(ours) / median(theirs), 0.85, True, how)


def _beside_reference(setting: Setting, directory: Path, leads: int) -> Row:
    """Compare whole processes, from start to exit."""
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(setting.rounds):
        theirs.append(leads / _reference(setting, directory, leads))
        ours.append(leads / _leadrelay(setting, directory, leads, 0)[1])
    how = f"{median(ours):,.0f}/s of {median(theirs):,.0f}/s, start and end included"
    return Row("no latency ÷ hand-written loop", median(ours) / median(theirs), 0.3, True, how)


def _leadrelay(setting: Setting, directory: Path, leads: int, latency_ms: float) -> tuple[float, float]:
    """Sync everything; return the seconds between the first and the last request, and of the process."""
    project.forget_state(directory)
    setting.stub.reset(latency_ms)
    wall = run([setting.command, "sync"], directory).wall
    _must_be_complete(setting, leads, "leadrelay sync")
    return setting.stub.stats()["window_s"], wall


def _reference(setting: Setting, directory: Path, leads: int) -> float:
    state = directory / "reference.db"
    for path in directory.glob("reference.db*"):
        path.unlink()
    setting.stub.reset()
    program = [sys.executable, ROOT / "benchmarks" / "ref_job.py"]
    wall = run([*program, directory / "leads.csv", state, setting.stub.lead_url], directory).wall
    _must_be_complete(setting, leads, "ref_job.py")
    return wall


def _must_be_complete(setting: Setting, leads: int, who: str) -> None:
    found = setting.stub.deliveries(leads)
    if found.lost or found.repeated:
        raise SystemExit(f"{who} of {leads} leads: {found}")


def _wrk(setting: Setting) -> float:
    """Return the requests a second that 50 connections reach at all."""
    program = shutil.which("wrk")
    if program is None:
        raise SystemExit("the benchmarks need wrk: apt-get install wrk")
    setting.stub.reset(setting.latency_ms)
    seconds = max(1, 5 // setting.scale)
    command = [program, "-t1", "-c50", f"-d{seconds}s", "-s", str(_SCRIPT), setting.stub.lead_url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if found is None or "Non-2xx" in said:
        raise SystemExit(f"wrk says:\n{said}")
    return float(found[1])
