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
    #: It is outside of `send_window`, as the user wants it.
    CLOSED = "closed"
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
    #: What was due and must not be sent, by the rules of the endpoint.
    discarded: int = 0
    #: What was due and is held until a person lets it go.
    held: int = 0
    seconds: float = 0.0
    ending: Ending = Ending.DRAINED
    #: Why, for people; empty when it was drained.
    reason: str = ""
