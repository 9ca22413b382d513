"""Sources that misbehave, through the real engine and, where there is one, the real adapter.

What a bad source costs is counted at the endpoint: every lead that the source ever showed readable is
there, once for each of its versions, and nothing is that should not be.
"""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

from tests.torture import bad_pages, bad_rows, bad_servers
from tests.torture.experiment import Experiment, Tally
from tests.torture.scene import Scene

if TYPE_CHECKING:
    from pathlib import Path

    from tests.torture.scene import Case

CASES: tuple[Case, ...] = (*bad_servers.CASES, *bad_pages.CASES, *bad_rows.CASES)
#: Bytes in one cell: in a run of so many faults or more, and in a smaller one.
_MANY, _LARGE, _LARGEST = 200, 4_000_000, 100_000_000


def run(seed: int, faults: int, directory: Path) -> Tally:
    """Let every source misbehave in turn until so many faults were made."""
    tally, round_ = Tally(), 0
    largest = _LARGEST if faults >= _MANY else _LARGE
    while (round_ == 0 or tally.faults < faults) and not tally.broken:
        for number, case in enumerate(CASES):
            place = directory / f"{round_}-{number}"
            place.mkdir()
            _play(case, Scene(place, random.Random(seed + round_), tally, largest if round_ == 0 else _LARGE))
        round_ += 1
    return tally


def _play(case: Case, scene: Scene) -> None:
    name = getattr(case, "__name__", "").replace("_", " ")
    try:
        asyncio.run(_whole(case, scene))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a promise that was broken
        scene.tally.broken.append(f"{name}: {type(error).__name__}: {error}")
    finally:
        scene.close()


async def _whole(case: Case, scene: Scene) -> None:
    await case(scene)


EXPERIMENT = Experiment(
    name="sources",
    promises=("P1", "P2", "P6", "P9"),
    how="sources that page for ever, cut, hang, change, and lie about times and types; the real adapters",
    run=run,
    whole=500,
    small=18,
)
