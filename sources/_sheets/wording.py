"""Columns by the letters that a spreadsheet shows."""

from __future__ import annotations

_ALPHABET = 26


def letters(index: int) -> str:
    """Return the letters of a column as a spreadsheet shows them: 0 is A, 25 is Z, 26 is AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, _ALPHABET)
        text = chr(ord("A") + rest) + text
    return text


def index_of(column: str) -> int:
    """Return the index of a column from its letters; the inverse of `letters`."""
    index = 0
    for letter in column:
        index = index * _ALPHABET + ord(letter) - ord("A") + 1
    return index - 1
