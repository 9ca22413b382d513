"""All measurements in one table: ``make bench``.

What is compared takes turns, and medians are compared, so that a machine that is busy with other
things is busy for both. Absolute figures are those of this machine.
"""

from __future__ import annotations

import argparse
import platform
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import bench_idle, bench_instant, bench_mapping, bench_memory, bench_startup, bench_throughput
from benchmarks.report import markdown
from benchmarks.setting import Setting
from benchmarks.stub import running_stub

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.report import Row

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
BENCHMARKS = {
    "startup": bench_startup.measure,
    "mapping": bench_mapping.measure,
    "throughput": bench_throughput.measure,
    "idle": bench_idle.measure,
    "instant": bench_instant.measure,
    "memory": bench_memory.measure,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and return 1 when a target is missed."""
    options = _parser().parse_args(arguments)
    directory: Path = options.directory.resolve()
    directory.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    with running_stub(directory) as stub:
        scale, rounds = (10, 1) if options.quick else (1, options.rounds)
        setting = Setting(options.leadrelay.resolve(), directory, stub, rounds, scale, options.latency)
        for name in options.only or BENCHMARKS:
            print(f"measuring {name} ...", file=sys.stderr)
            rows += BENCHMARKS[name](setting)
    table = markdown(rows)
    print(table)
    if options.save:
        _save(table)
    return 0 if all(row.reached for row in rows) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("only", nargs="*", choices=BENCHMARKS, metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument(
        "--quick", action="store_true", help="a tenth of everything, once: does it still run?"
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often the compared take turns")
    parser.add_argument("--latency", type=int, default=20, help="of the endpoint beside wrk, in ms")
    parser.add_argument("--save", action="store_true", help="put the table into docs/benchmarks.md")
    parser.add_argument("--leadrelay", type=Path, default=Path(sys.prefix) / "bin" / "leadrelay")
    parser.add_argument("--directory", type=Path, default=ROOT / ".bench", help="on a disk, not in memory")
    return parser


def _save(table: str) -> None:
    """Put the table between the marks of the page that shows it."""
    text = PAGE.read_text(encoding="utf-8")
    where = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    found = f"<!-- measured -->\n{where}:\n\n{table}\n<!-- end -->"
    text = re.sub(r"<!-- measured -->.*<!-- end -->", lambda _: found, text, flags=re.DOTALL)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
