"""Adapters: what reads leads from the systems where they are kept.

An adapter's author imports from here: ``from sources import Page, Record, Unavailable``. The names
are loaded when they are asked for, so that a command that reads nothing does not pay for pydantic.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sources.base import (
        Authorizes,
        Closes,
        FetchesByKey,
        HasIdentity,
        HasLookback,
        KeysArePlaces,
        KnowsFields,
        KnowsLatest,
        Page,
        PollRequest,
        Position,
        Record,
        Source,
        SourceContext,
        SourceSettings,
        TellsOfChanges,
        Window,
    )
    from sources.errors import BadConfig, BadRecord, Denied, RateLimited, SourceError, Unavailable

__all__ = [
    "Authorizes",
    "BadConfig",
    "BadRecord",
    "Closes",
    "Denied",
    "FetchesByKey",
    "HasIdentity",
    "HasLookback",
    "KeysArePlaces",
    "KnowsFields",
    "KnowsLatest",
    "Page",
    "PollRequest",
    "Position",
    "RateLimited",
    "Record",
    "Source",
    "SourceContext",
    "SourceError",
    "SourceSettings",
    "TellsOfChanges",
    "Unavailable",
    "Window",
]

_ERRORS = frozenset({"BadConfig", "BadRecord", "Denied", "RateLimited", "SourceError", "Unavailable"})


def __getattr__(name: str) -> object:
    """Load a public name from the module that defines it.

    Raises:
        AttributeError: when it is not one of ``__all__``.

    """
    if name not in __all__:
        message = f"module 'sources' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module("sources.errors" if name in _ERRORS else "sources.base"), name)
