"""Texts of others made comparable: one line, unescaped, without what can't be seen."""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import unquote

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_SPACE = re.compile(r"\s+")
#: Control and format characters, halves of characters, and private ones, which may mean anything.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def plain(text: str) -> str:
    r"""Return a text in one line, with ``&eacute;``, ``%C3%A9`` and ``\u00e9`` as what they stand for."""
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    text = unquote(html.unescape(text))
    text = unicodedata.normalize("NFKC", text)
    if not text.isprintable():
        text = "".join(map(_seen, text))
    return _SPACE.sub(" ", text).strip()


def _seen(character: str) -> str:
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in _UNSEEN else character


def folded(text: str) -> str:
    """Return a text without accents, in small letters."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
