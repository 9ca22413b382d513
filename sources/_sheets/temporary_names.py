"""Names of what programs put beside a file while they work on it, or upload it."""

from __future__ import annotations

#: Of spreadsheet programs, editors, browsers and clients that upload.
_START = ("~$", ".", "~lock")
_END = ("~", ".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".swp", ".lock")


def temporary(name: str) -> bool:
    """Tell whether a file is called like one of these."""
    lower = name.lower()
    return lower.startswith(_START) or lower.endswith(_END)
