"""Times as people read them."""

from __future__ import annotations

from datetime import UTC, datetime

_UNITS = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))


def span(seconds: float) -> str:
    """Return a length of time in its two largest units, as in ``2h 5m``."""
    rest = max(0, round(seconds))
    parts: list[tuple[int, str]] = []
    for size, name in _UNITS:
        number, rest = divmod(rest, size)
        if number or parts:
            parts.append((number, name))
    shown = [f"{number}{name}" for number, name in parts[:2] if number]
    return " ".join(shown) or "0s"


def clock(seconds: float | datetime) -> str:
    """Return a time in this machine's zone, to the second, as in ``2026-01-31 08:30:00``."""
    moment = seconds if isinstance(seconds, datetime) else datetime.fromtimestamp(seconds, UTC)
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def ago(then: float, now: float) -> str:
    """Return how long ago something was."""
    return f"{span(now - then)} ago" if now - then >= 1 else "just now"
