"""What a scalar without quotes is: text, unless it can't be mistaken for anything else.

A scalar is typed only where YAML 1.1 and 1.2 agree, and a number only when writing that number gives
back the same text. So 7, -3, 1.5, true and null are typed, while NO, on, 012, 0x1F, 1_000, 12:30:45,
2026-01-31, 1.10, 1e3 and +18045550123 stay the text that was written.
"""

from __future__ import annotations

import re

_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
#: Longer ones stay text: no setting needs them, and Python refuses to read numbers without end.
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,99}")
_DECIMAL = re.compile(r"-?[0-9]{1,40}\.[0-9]{1,40}(?:e[-+][0-9]{1,3})?")


def typed(text: str) -> str | int | float | bool | None:
    """Return what a scalar written without quotes stands for."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        number = float(text)
        # "1.0e+20" is how YAML's own writers spell 1e+20.
        return number if repr(number) in (text, text.replace(".0e", "e")) else text
    return text
