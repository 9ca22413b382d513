"""A sync that finds nothing new must not cost more because the table is larger."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from benchmarks import project
from benchmarks.process import run
from benchmarks.report import Row

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.setting import Setting

_LARGE = 1_000_000
_SMALL = 10_000


def measure(setting: Setting) -> list[Row]:
    """Return the ratio between the two tables, both with 600 rows inside the look-back."""
    large = _caught_up(setting, setting.leads(_LARGE))
    small = _caught_up(setting, _SMALL)
    costs: dict[Path, list[float]] = {large: [], small: []}
    for _ in range(setting.rounds * 3):
        for directory, seconds in costs.items():
            seconds.append(run([setting.command, "sync"], directory).wall)
    if setting.stub.stats()["requests"]:
        raise SystemExit("a sync that should find nothing has sent something")
    slow, quick = median(costs[large]), median(costs[small])
    how = f"{slow * 1000:.0f} ms beside {quick * 1000:.0f} ms, start-up of the command included"
    name = f"nothing new, {setting.leads(_LARGE):,} rows ÷ {_SMALL:,}"
    return [Row(name, slow / quick, 1.5, False, how)]


def _caught_up(setting: Setting, rows: int) -> Path:
    """Make a project whose table has been read up to its end."""
    directory = setting.directory / f"idle-{rows}"
    project.write_sql_project(directory, setting.stub.base_url, rows, first_sync="now")
    setting.stub.reset()
    run([setting.command, "sync"], directory)
    return directory
