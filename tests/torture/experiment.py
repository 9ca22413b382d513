"""What an experiment is: faults are made, and then it is counted what they cost.

Each module of this folder that has an `EXPERIMENT` is run by ``make torture``, whole, and by a test of its
own, small. Everything random in it comes from its seed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(slots=True)
class Tally:
    """What an experiment found."""

    #: Faults made: kills, broken answers, full disks, steps of a model.
    faults: int = 0
    #: Leads that took part.
    leads: int = 0
    #: Leads that never arrived, and that nobody is told of.
    lost: int = 0
    #: Requests beyond the first for the same version of a lead, all of them.
    repeated: int = 0
    #: How many of those P3 and P8 allow, for what happened.
    allowed: int = 0
    #: What else went wrong, a sentence each; empty when every promise was kept.
    broken: list[str] = field(default_factory=list)

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return not self.lost and self.repeated <= self.allowed and not self.broken


@dataclass(frozen=True, slots=True)
class Experiment:
    """One kind of fault, tried many times."""

    #: As given to ``make torture ARGS="--only NAME"``.
    name: str
    #: The promises it tries, as in ``("P1", "P3")``.
    promises: tuple[str, ...]
    #: What is done, in half a sentence for the table.
    how: str
    #: Runs it: a seed, how many faults to make, and an empty directory to work in.
    run: Callable[[int, int, Path], Tally]
    #: How many faults `make torture` makes.
    whole: int
    #: How many the test makes.
    small: int
