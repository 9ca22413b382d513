"""Whether a text ends within a row: it may be cut off anywhere then, even in the middle of a phone number."""

from __future__ import annotations

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def open_ended(start: bytes, tail: bytes) -> bool:
    """Tell whether the last row of a text file has no end.

    Args:
        start: its first four bytes; a workbook is no text.
        tail: its last four, which is as much as a line end takes in any encoding.

    """
    return not start.startswith(_WORKBOOKS) and not tail.rstrip(b"\0").endswith((b"\n", b"\r"))
