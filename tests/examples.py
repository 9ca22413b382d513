"""How many made-up examples a property gets, as a multiple of what the run allows each."""

from __future__ import annotations

from hypothesis import settings


def times(factor: float) -> settings:
    """Return the settings of a property that needs more examples than most, or fewer."""
    return settings(max_examples=round(settings.default.max_examples * factor))
