"""What the quick ways through templates and expressions have in common."""

from __future__ import annotations

#: Characters of the longest text a template may make.
LONGEST = 20_000


class AskTheEngine(Exception):
    """A value is of a kind that the quick way leaves to the engine."""
