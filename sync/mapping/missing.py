"""The words that count as nothing: what people and programs write where there is nothing to say."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Self

from sync.mapping.text import Unfit, clean, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What `missing` is when a mapping doesn't say. No word that may be a name, as Null, None or NA.
WORDS: Final = (
    *("N/A", "n/a", "N/a", "#N/A", "-", "--", "\N{EN DASH}", "\N{EM DASH}"),
    *("null", "NULL", "(null)", "(none)", "nil", "undefined"),
)
_LIKE_NUMBERS = re.compile(r"true|false|.*\d.*", re.DOTALL)


class MissingWords(frozenset[str]):
    """A set of such words, compared with text whose surrounding space is gone."""

    #: Whether one of them may be the text of a number or of true and false.
    of_numbers: bool

    def __new__(cls, words: Iterable[str] = ()) -> Self:
        """Take words as a mapping lists them."""
        found = super().__new__(cls, filter(None, map(clean, words)))
        found.of_numbers = any(map(_LIKE_NUMBERS.fullmatch, found))
        return found

    def mean(self, value: Any) -> bool:
        """Tell whether a value is one of them. Lists and objects never are."""
        if type(value) is str:
            return clean(value) in self
        return self.of_numbers and isinstance(value, (int, float, Decimal)) and self._is_text_of(value)

    def _is_text_of(self, value: Any) -> bool:
        try:
            return text_of(value) in self
        except Unfit:
            return False


#: No words at all, as in the first version of the language.
NONE: Final = MissingWords()
