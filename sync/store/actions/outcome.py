"""What an action did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.states import State


@dataclass(frozen=True, slots=True)
class Done:
    """How many versions an action changed, and how many it left alone, by where they stood."""

    changed: Mapping[State, int] = field(default_factory=dict)
    #: Why, with how many.
    left: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many were changed."""
        return sum(self.changed.values())
