"""``make torture``: run every experiment of this folder, and say what it found.

``--save`` writes the table into docs/guarantees.md. Exit code 1 when a promise was broken.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.status import Status

from tests.torture.report import PAGE, SHORT_PAGE, Row, save_short, saved, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.torture.experiment import Experiment

SEED = 20_260_301


def experiments() -> list[Experiment]:
    """Return the experiments of all modules of this folder that have one, by name."""
    here = Path(__file__).parent
    named = (path for path in here.glob("*.py") if "\nEXPERIMENT = " in path.read_text(encoding="utf-8"))
    found = [import_module(f"tests.torture.{path.stem}").EXPERIMENT for path in named]
    return sorted(found, key=lambda experiment: experiment.name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the arguments name; return 1 when a promise was broken."""
    wish = _parser().parse_args(arguments)
    chosen = [each for each in experiments() if wish.only in (None, each.name)]
    console = Console()
    rows = [_row(each, wish, console) for each in chosen]
    console.print(told(rows))
    for row in rows:
        for sentence in row.tally.broken:
            console.print(f"{row.experiment.name}: {sentence}", markup=False, highlight=False)
    if wish.save:
        saved(rows)
        save_short()
        console.print(f"written into {PAGE.name} and {SHORT_PAGE.name}")
    return int(not all(row.tally.kept for row in rows))


def _row(experiment: Experiment, wish: argparse.Namespace, console: Console) -> Row:
    faults = wish.faults or (experiment.small if wish.small else experiment.whole)
    said = f"{experiment.name}: {faults} faults, seed {wish.seed}"
    if not console.is_terminal:
        console.print(f"{said} …", highlight=False)
    began = time.monotonic()
    directory = tempfile.TemporaryDirectory(prefix="leadrelay-torture-", ignore_cleanup_errors=True)
    with directory as name, Status(f"{said} …", console=console):
        tally = experiment.run(wish.seed, faults, Path(name))
    seconds = round(time.monotonic() - began)
    found = "every promise kept" if tally.kept else "A PROMISE WAS BROKEN"
    console.print(f"{said}: {found}, {seconds} s", highlight=False)
    return Row(experiment, tally, wish.seed, faults)


def _parser() -> argparse.ArgumentParser:
    names = [each.name for each in experiments()]
    parser = argparse.ArgumentParser(prog="python -m tests.torture.run", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED, help="of everything that is random")
    parser.add_argument("--only", choices=names, help="this experiment alone")
    parser.add_argument("--faults", type=int, help="so many in each, instead of as many as usual")
    parser.add_argument("--small", action="store_true", help="as few faults as the tests make")
    parser.add_argument("--save", action="store_true", help=f"write the table into docs/{PAGE.name}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
