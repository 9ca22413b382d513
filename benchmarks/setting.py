"""What all benchmarks are given: where to work, what to run, how much of it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.stub import Stub


@dataclass(frozen=True)
class Setting:
    """The surroundings of one run of the benchmarks."""

    #: The installed `leadrelay`.
    command: Path
    #: A directory on a disk, not in memory: the state is made to survive a power cut.
    directory: Path
    stub: Stub
    #: How often the things that are compared take turns.
    rounds: int
    #: Everything is divided by this; 1 for the figures that may be quoted.
    scale: int
    #: How long the endpoint takes for an answer beside wrk, in milliseconds.
    latency_ms: int = 20

    def leads(self, count: int) -> int:
        """Return how many leads stand for `count` in this run."""
        return count // self.scale

    def fresh(self, name: str) -> Path:
        """Return an empty directory of that name."""
        path = self.directory / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path
