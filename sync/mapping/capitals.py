"""Capital letters for names that came in capitals only, or in none: O'BRIEN is O'Brien."""

from __future__ import annotations

import re

#: What stands between a first name and a surname and is part of the latter.
PARTICLES = frozenset({
    "van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "das", "du", "la", "le", "las",
    "los", "ter", "ten", "zu", "zur", "zum", "vom", "af", "av", "bin", "ibn", "al", "el", "san", "santa",
    "st", "st.",
})  # fmt: skip
#: Those of them that are written small wherever the name goes on.
_SMALL = PARTICLES - {"la", "las", "los", "le", "al", "el", "san", "santa", "st", "st."}
_SMALL_AFTER_DE = frozenset({"la", "las", "los"})
_AND = frozenset({"and", "und", "et", "y"})
#: Behind a name, and not written as a word.
_AS_WRITTEN = {
    word.lower(): word
    for word in (
        *("II", "III", "IV", "VI", "VII", "PhD", "MD", "DDS", "DMD", "DVM", "JD", "MBA", "CPA", "RN"),
        *("LLC", "LLP", "PLLC", "PC", "USA"),
    )
}
_PIECE = re.compile(r"[^\W\d_]+", re.UNICODE)
_ELIDED = re.compile(r"(?:^|[-\W])[odlmn]['\u2019]$", re.IGNORECASE)
_MC = re.compile(r"mc(?=[^\W\d_]{2})", re.IGNORECASE)


def capital(word: str) -> str:
    """Return a word with a capital in front and small letters behind."""
    first = word[:1].title()
    return (first if len(first) == 1 else word[:1]) + word[1:].lower()


def with_capitals(name: str) -> str:
    """Return a name as it is usually written, when it is in capitals only or has none; as it is otherwise.

    Args:
        name: words with single spaces between them.

    """
    if not (name.isupper() or name.islower()):
        return name
    words = name.split(" ")
    return " ".join(_word(words, place) for place in range(len(words)))


def _word(words: list[str], place: int) -> str:
    word = words[place].lower()
    bare = word.strip(".,()")
    if place and bare in _AS_WRITTEN:
        return word.replace(bare, _AS_WRITTEN[bare])
    return word if _is_small(words, place) else _capitals(words[place])


def _is_small(words: list[str], place: int) -> bool:
    """Tell whether a word is a small one: never the last, nor the first unless another one follows."""
    word = words[place].lower()
    if place == len(words) - 1:
        return False
    following = words[place + 1].lower()
    if place == 0:
        return word in _SMALL and following in _SMALL | _SMALL_AFTER_DE
    if word in _SMALL_AFTER_DE:
        return words[place - 1].lower() == "de"
    return word in _SMALL or word in _AND


def _capitals(word: str) -> str:
    """Return one word with a capital wherever a part of it begins, as in Anna-Maria, O'Brien, J.R."""

    def piece(match: re.Match[str]) -> str:
        before = word[: match.start()]
        if before.endswith(("'", "\u2019")) and not (_ELIDED.search(before) and len(match[0]) > 1):
            return match[0].lower()
        start = _MC.match(match[0])
        return "Mc" + capital(match[0][2:]) if start else capital(match[0])

    return _PIECE.sub(piece, word)
