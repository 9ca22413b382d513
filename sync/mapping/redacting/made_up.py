"""Made-up values of the same shape: names, words, example.com addresses, 555-01xx numbers.

They come from lists, in their order: nothing of the original goes into them, so nothing can be worked back
from them. The same original has the same stand-in throughout one record.
"""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FORENAMES = ("Robin", "Alex", "Sam", "Kim", "Jo", "Lee", "Dana", "Toni", "Kai", "Noa", "Jules", "Rene")
_SURNAMES = (
    "Sample",
    "Example",
    "Template",
    "Stencil",
    "Sketch",
    "Draft",
    "Model",
    "Figure",
    "Pattern",
    "Outline",
)
#: One after another, so that a first and a last name look like them.
NAMES = tuple(name for pair in zip(_FORENAMES, _SURNAMES, strict=False) for name in pair)
WORDS = ("lorem", "ipsum", "dolor", "sit", "amet", "elit", "sed", "do", "tempor", "ut", "magna", "aliqua")

#: A run of letters of any script with apostrophes and marks inside; all that is no ASCII sign counts.
WORD = r"[^\s\d\x00-\x26\x28-\x40\x5b-\x60\x7b-\x7f]+"
_WORD = re.compile(WORD)
_DIGITS = "1234567890" * 10
_OTHER_DIGITS = "9876543210" * 10
#: Digits that stand before those of 555-01xx, the nearest last: 212 is New York's.
_BEFORE = "212" * 10
_NUMBERS = 100


class MadeUp:
    """Stand-ins for one record.

    Args:
        avoid: words of the record, none of which may come out as a stand-in.

    """

    def __init__(self, avoid: Iterable[str]) -> None:
        self._avoid = {word.casefold() for word in avoid}
        self._names = self._fresh(NAMES)
        self._words = self._fresh(WORDS, again=True)
        self._people = count(1)
        self._lines = count()
        self._given: dict[str, str] = {}

    def _fresh(self, pool: Iterable[str], *, again: bool = False) -> Iterator[str]:
        """Yield the words of a list that the record does not hold; then all again, or numbered ones."""
        usable = [word for word in pool if word.casefold() not in self._avoid]
        yield from usable
        while again and usable:
            yield from usable
        for number in count(1):
            made = "Abc" + "".join("abcdefghij"[int(digit)] for digit in str(number))
            if made.casefold() not in self._avoid:
                yield made

    def name(self, text: str) -> str:
        """Return made-up names in the place of all words of a text."""
        return _WORD.sub(lambda match: self._named(match[0]), text)

    def _named(self, word: str) -> str:
        if len(word) == 1:
            return "Y" if word.casefold() == "x" else _cased("x", word)
        key = word.casefold()
        if key not in self._given:
            self._given[key] = next(self._names)
        return _cased(self._given[key], word)

    def word(self, word: str) -> str:
        """Return a word without meaning; for a name of the record, that name's stand-in."""
        known = self._given.get(word.casefold())
        return _cased(known if known is not None else next(self._words), word)

    def email(self, address: str) -> str:
        """Return an address at example.com."""
        key = address.casefold()
        while key not in self._given:
            made = f"person{next(self._people)}@example.com"
            if made not in self._avoid:
                self._given[key] = made
        return self._given[key]

    def phone(self, text: str, kept: int = 0) -> str:
        """Return a number of the same format.

        Args:
            text: one number, however it is written.
            kept: digits at its beginning that stay, those of the country and before the area.

        """
        digits = [letter for letter in text if letter.isdigit()]
        own = "".join(digits[kept:])
        new = iter("".join(digits[:kept]) + self._line(own))
        return "".join(next(new) if letter.isdigit() else letter for letter in text)

    def _line(self, digits: str) -> str:
        if digits not in self._given:
            for _ in range(_NUMBERS):
                made = f"{_BEFORE}55501{next(self._lines) % _NUMBERS:02}"[-len(digits) :] if digits else ""
                if made[-4:] != digits[-4:]:
                    break
            self._given[digits] = made
        return self._given[digits]


def digits(run: str) -> str:
    """Return other digits, as many."""
    made = _DIGITS[: len(run)]
    return _OTHER_DIGITS[: len(run)] if made == run else made.ljust(len(run), "0")


def words_in(text: str) -> list[str]:
    """Return the words of a text."""
    return _WORD.findall(text)


def _cased(made: str, like: str) -> str:
    """Write a made-up word in capitals, or without any, as the original is."""
    if like.isupper() and len(like) > 1:
        return made.upper()
    if like.islower():
        return made.lower()
    return made[:1].upper() + made[1:]
