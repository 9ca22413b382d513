"""What a driver's exception comes to, whatever shape the driver gives it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Why(Enum):
    """What a database refuses, and so what can be done about it."""

    #: User, password or permission.
    DENIED = auto()
    #: There is no such database, account, service or file.
    NO_DATABASE = auto()
    #: What was asked: a table, a column or words that the database doesn't know.
    STATEMENT = auto()
    #: The answer took longer than it may.
    TOO_LONG = auto()
    #: Too much was asked for within a time.
    TOO_MUCH = auto()
    #: Nothing that the settings could change; trying again may help.
    GONE = auto()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal."""

    why: Why
    #: The driver's words, where they can't hold a value of a row.
    said: str = ""
    #: How the database numbers it.
    code: str | int | None = None
