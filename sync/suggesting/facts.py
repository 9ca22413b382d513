"""What the values of a column tell about it, whatever it is called."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sync.suggesting.dates import Times, times_in
from sync.suggesting.phones import phone_share, written_share

if TYPE_CHECKING:
    from collections.abc import Sequence

_EMAIL = re.compile(r"[^@\s;,]{1,64}@[^@\s;,]+\.[^@\s;,.]{2,}")
_WORDS = re.compile(r"[^\W\d_][^\s]*")
_FLAGS = frozenset(
    ("true", "false", "yes", "no", "y", "n", "0", "1", "ja", "nein", "si", "oui", "non", "t", "f", "x")
)
_ADDRESSES = re.compile(r"https?://|www\.", re.IGNORECASE)
_LONGEST_WORD = 40
#: What nobody has in a name.
_NO_NAME = re.compile(r"[\d@:;/#?!_=<>]")


@dataclass(frozen=True, slots=True)
class Facts:
    """Shares are of the values that are there, 0 to 1."""

    #: How many values there are, and how many different ones.
    count: int
    distinct: int
    phone: float
    #: Written as only phone numbers are.
    written_phone: float
    email: float
    times: Times
    #: Two to four words that may be a person's name, and one word that may be a part of one.
    whole_name: float
    one_name: float
    number: float
    flag: float
    link: float
    #: The longest text.
    longest: int
    #: The different values, with how often each is there, most frequent first.
    common: tuple[tuple[str, int], ...]

    @property
    def unique(self) -> bool:
        """Whether no value is there twice."""
        return self.count == self.distinct


def facts_of(values: Sequence[Any]) -> Facts:
    """Look at the values of a column."""
    texts = [_text(value) for value in values]
    counts = Counter(texts)
    words = [len(_WORDS.findall(text)) if _is_name(text) else 0 for text in texts]
    total = len(values) or 1
    return Facts(
        len(values),
        len(counts),
        phone_share(values),
        written_share(values),
        sum(1 for text in texts if _EMAIL.search(text)) / total,
        times_in(values),
        sum(1 for number in words if number >= 2) / total,  # noqa: PLR2004 - first and last
        sum(1 for number in words if number == 1) / total,
        sum(1 for value in values if _is_number(value)) / total,
        sum(1 for text in texts if text.casefold() in _FLAGS) / total,
        sum(1 for text in texts if _ADDRESSES.match(text)) / total,
        max(map(len, texts), default=0),
        tuple(counts.most_common()),
    )


def _text(value: Any) -> str:
    return str(value).strip()


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST_WORD and not _NO_NAME.search(text)


def _is_number(value: Any) -> bool:
    if isinstance(value, (int, float, Decimal)):
        return not isinstance(value, bool)
    return isinstance(value, str) and re.fullmatch(r"[$€£]?\s?-?[\d.,]+", value.strip()) is not None
