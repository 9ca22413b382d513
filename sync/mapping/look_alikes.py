"""Letters that only look Latin: a Cyrillic one in a Latin name is a slip or a fraud, and reaches nobody."""

from __future__ import annotations

import re
from unicodedata import name

_LATIN, _ALIKE = "LATIN", ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")
#: A domain may have labels in different scripts, as пример.example has; no label mixes them.
_LABEL = re.compile(r"^[^@]+|[^@.]+")


def look_alike(address: str) -> str | None:
    """Say which letter of an e-mail address is of another script than those beside it, None when none is.

    An address that is Cyrillic as a whole, or has a domain of Cyrillic labels, is a real one.
    """
    if address.isascii():
        return None
    for label in _LABEL.finditer(address):
        scripts = [_script(char) for char in label[0]]
        if _LATIN not in scripts:
            continue
        for place, script in enumerate(scripts, label.start() + 1):
            if script in _ALIKE:
                return f"its character {place} is a {script.capitalize()} letter among Latin ones"
    return None


def _script(char: str) -> str:
    return name(char, "").partition(" ")[0] if char.isalpha() else ""
