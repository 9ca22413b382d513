"""Digits and signs as keyboards of other scripts write them, in the one form that numbers are read in."""

from __future__ import annotations

from unicodedata import decimal

#: Full-width forms stand in Unicode in the order of ASCII.
_FULL_WIDTH = {0xFF01 + place: chr(0x21 + place) for place in range(94)}
#: They say in which direction a text is written, and are pasted along with phones and addresses.
_DIRECTIONS = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_HYPHENS = dict.fromkeys((*range(0x2010, 0x2016), 0x2212), "-")
_LETTERS = {**_FULL_WIDTH, **_DIRECTIONS, 0x3000: " "}
_SIGNS = {**_LETTERS, **_HYPHENS}


def narrow(text: str) -> str:
    """Return text with full-width forms as ASCII, and without marks of direction.

    Letters of every other script stay what they are.
    """
    return text if text.isascii() else text.translate(_LETTERS)


def narrow_number(text: str) -> str:
    """Return text with the digits of every script, full-width forms and all hyphens as ASCII.

    A raised 2 is no digit here: it is a footnote.
    """
    if text.isascii():
        return text
    return "".join(_digit(char) for char in text.translate(_SIGNS))


def _digit(char: str) -> str:
    return char if char.isascii() or not char.isdecimal() else str(decimal(char))
