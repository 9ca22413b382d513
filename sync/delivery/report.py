"""How a delivery went."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Ending(StrEnum):
    """Why delivery ended."""

    #: Nothing is left that is due.
    DRAINED = "drained"
    #: Everything in the air was settled after a signal.
    STOPPED = "stopped"
    #: The endpoint refuses us, or is not where the settings say.
    HALTED = "halted"
    #: The endpoint failed for longer than we were told to go on.
    GAVE_UP = "gave up"
    #: Another process delivers to this endpoint.
    ELSEWHERE = "elsewhere"


@dataclass(slots=True)
class Delivered:
    """What one delivery did, in versions of leads."""

    accepted: int = 0
    rejected: int = 0
    unknown: int = 0
    #: What came back and is to be sent again, each time.
    returned: int = 0
    superseded: int = 0
    seconds: float = 0.0
    ending: Ending = Ending.DRAINED
    #: Why, for people; empty when it was drained.
    reason: str = ""
