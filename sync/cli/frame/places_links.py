"""Places in files as links that a terminal can open."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote


def line_of(at: str) -> str:
    """Return the file and the line of a place: ``mappings/crm.yaml:7`` of ``mappings/crm.yaml:7:16``."""
    parts = at.rsplit(":", 2)
    return ":".join(parts[:2]) if len(parts) > 2 and parts[-2].isdecimal() else at  # noqa: PLR2004 - file, line, column


def link_of(at: str) -> str:
    """Return the address of a place as terminals and editors open it, with the line behind the #."""
    file, _, line = line_of(at).rpartition(":")
    if not file or not line.isdecimal():
        return ""
    return f"file://{quote(str(Path(file).absolute()))}#{line}"
