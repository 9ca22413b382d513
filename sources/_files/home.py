"""Paths that begin in somebody's home."""

from __future__ import annotations

from pathlib import Path


def expanded(path: str) -> Path:
    """Return a path with its ~ made a home; as it is for a user who has none, as in some containers."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)
