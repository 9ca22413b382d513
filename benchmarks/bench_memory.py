"""The most memory that a first sync of many leads holds, and how it grows with their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import project
from benchmarks.process import run
from benchmarks.report import Row

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.setting import Setting

_MANY = 200_000
_FEW = 20_000


def measure(setting: Setting) -> list[Row]:
    """Return, for a file and for a table, the peak of many leads and its ratio to that of few."""
    rows: list[Row] = []
    for kind in ("CSV", "SQL"):
        few = _peak_mb(setting, kind, setting.leads(_FEW))
        many = _peak_mb(setting, kind, setting.leads(_MANY))
        leads = f"{setting.leads(_MANY):,} leads"
        how = f"{many:.0f} MB beside {few:.0f} MB for {setting.leads(_FEW):,}"
        rows.append(Row(f"peak memory, {kind}, {leads}", many, 120, False, "resident, whole process", " MB"))
        rows.append(Row(f"peak memory, {kind}, ten times the leads", many / few, 1.2, False, how))
    return rows


def _peak_mb(setting: Setting, kind: str, leads: int) -> float:
    directory = setting.directory / "memory"
    _write(kind, directory, setting.stub.base_url, leads)
    setting.stub.reset()
    peak = run([setting.command, "sync"], directory).peak_mb
    found = setting.stub.deliveries(leads)
    if found.lost or found.repeated:
        raise SystemExit(f"leadrelay sync of {leads} leads from {kind}: {found}")
    return peak


def _write(kind: str, directory: Path, base_url: str, leads: int) -> None:
    if kind == "CSV":
        project.write_csv_project(directory, base_url, leads)
    else:
        project.write_sql_project(directory, base_url, leads, first_sync="everything")
