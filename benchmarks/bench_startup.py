"""`leadrelay --help` beside a Python that imports what any command line of this kind imports."""

from __future__ import annotations

import sys
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.process import run
from benchmarks.report import Row

if TYPE_CHECKING:
    from benchmarks.setting import Setting


def measure(setting: Setting) -> list[Row]:
    """Return the ratio of the two medians, measured in turns."""
    directory = setting.fresh("startup")
    ours: list[float] = []
    bare: list[float] = []
    run([setting.command, "--help"], directory)  # the first one compiles
    for _ in range(setting.rounds * 4):
        ours.append(run([setting.command, "--help"], directory).wall)
        bare.append(run([sys.executable, "-c", "import typer, rich"], directory).wall)
    how = f"{median(ours) * 1000:.0f} ms beside {median(bare) * 1000:.0f} ms"
    return [Row("`leadrelay --help` ÷ `import typer, rich`", median(ours) / median(bare), 1.5, False, how)]
