"""Text that any database can keep."""

from __future__ import annotations


def storable(text: str) -> str:
    """Return text without NUL, and without the half characters that a file name may hold."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
