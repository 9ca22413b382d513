"""From a record to one that says nothing of anybody, value by value."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sync.mapping.leaves import Reach, Way, is_along, leaves, written
from sync.mapping.redacting import looks
from sync.mapping.redacting.deciding import deciding
from sync.mapping.redacting.made_up import WORD, MadeUp, digits, words_in
from sync.mapping.redacting.numbers import digits_kept

if TYPE_CHECKING:
    from sources.base import Record
    from sync.mapping.mapping import Mapping as LeadMapping

_PIECE = re.compile(
    rf"(?P<address>{looks.ADDRESS})|(?P<number>{looks.NUMBER})|(?P<digits>\d+)|(?P<word>{WORD})"
)
#: Words beside a phone number that mean something to whoever reads it.
_BESIDE = frozenset(("x", "ext", "extn", "extension", "tel", "phone", "mobile", "cell", "fax"))
#: Letters from which a word counts as a name, and from which it tells something inside of another word.
_SHORTEST, _TELLING = 3, 4
_MANY_DIGITS = 7


class Redactor:
    """Redacts one record.

    Args:
        mapping: the mapping, which says what each value is for.
        record: the record.

    """

    def __init__(self, mapping: LeadMapping, record: Record) -> None:
        self._reach = Reach(mapping, record.fields)
        self._deciding = deciding(mapping, record.fields)
        self._leaves = [(way, value) for way, value in leaves(record.fields) if self._reach.covers(way)]
        texts = [str(value) for _, value in self._leaves] + [record.key]
        self._made = MadeUp(part for text in texts for part in (text, *words_in(text), *text.split()))
        #: Words of names that must not be found anywhere afterwards, without capitals.
        self.names: set[str] = set()
        for way, value in self._leaves:
            if isinstance(value, str) and self._kind(way) == looks.NAME and not self._stays(way, value):
                self._made.name(value)
                self.names |= {word.casefold() for word in words_in(value) if len(word) >= _SHORTEST}

    def values(self) -> list[tuple[Way, Any]]:
        """Return all that the mapping reads, each value redacted."""
        return [(way, self._redacted(way, value)) for way, value in self._leaves]

    def key(self, key: str) -> str:
        """Return a record's key, or another where it could tell who it is."""
        return self._without_names(key) if looks.is_code(key) else self._prose(key)

    def _kind(self, way: Way) -> str:
        properties = [output.name for output in self._reach.outputs(way)]
        return looks.kind_of(properties, written(way))

    def _redacted(self, way: Way, value: Any) -> Any:
        kind = self._kind(way)
        if isinstance(value, str):
            return self._text(way, value, kind)
        if isinstance(value, (date, datetime)):
            return date(1980, 1, 1) if kind == looks.BIRTH else value
        if value is None or isinstance(value, (bool, time)):
            return value
        if isinstance(value, (int, float, Decimal)):
            return self._number(value, kind, decides=self._decides(way))
        return None if isinstance(value, (bytes, bytearray, memoryview)) or value else value

    def _number(self, value: float | Decimal, kind: str, *, decides: bool) -> Any:
        text = format(value, "f") if isinstance(value, Decimal) else str(value)
        whole, dot, rest = text.partition(".")
        many = sum(map(str.isdigit, whole)) >= _MANY_DIGITS and kind != looks.TIME and not decides
        if kind == looks.PHONE:
            made = self._phone(whole)
        elif many or kind in (looks.PROSE, looks.BIRTH):
            made = re.sub(r"\d+", lambda run: digits(run[0]), whole)
        else:
            return value
        return type(value)(made + dot + rest)

    def _text(self, way: Way, text: str, kind: str) -> str:
        if not text.strip() or self._stays(way, text):
            return text
        if kind == looks.BIRTH:
            return re.sub(r"\d+", lambda run: "1980" if len(run[0]) == 4 else "01"[-len(run[0]) :], text)  # noqa: PLR2004 - a year
        if looks.is_time(text, meant=kind == looks.TIME):
            return text
        if kind == looks.PLAIN and looks.is_code(text):
            return self._without_names(text)
        return self._prose(text, kind)

    def _stays(self, way: Way, text: str) -> bool:
        """Tell whether a text says nothing, or decides something and is not about a person."""
        if self._deciding.missing.mean(text):
            return True
        if not self._decides(way):
            return False
        if text.strip().casefold() in self._deciding.literals:
            return True
        return self._kind(way) == looks.PLAIN and not looks.is_personal(text)

    def _decides(self, way: Way) -> bool:
        return any(is_along(each, way) for each in self._deciding.ways)

    def _prose(self, text: str, kind: str = looks.PROSE) -> str:
        return _PIECE.sub(lambda match: self._piece(match, kind), text)

    def _piece(self, match: re.Match[str], kind: str) -> str:
        text = match[0]
        if match["address"]:
            return self._address(text, kind)
        if match["number"]:
            return self._phone(text)
        if match["digits"]:
            return self._made.phone(text) if kind == looks.PHONE else digits(text)
        if kind == looks.PHONE and text.casefold() in _BESIDE:
            return text
        return self._made.name(text) if kind in (looks.NAME, looks.EMAIL) else self._made.word(text)

    def _address(self, text: str, kind: str) -> str:
        if looks.is_address(text):
            return self._made.email(text)
        return "@".join(self._prose(part, kind) for part in text.split("@"))

    def _phone(self, text: str) -> str:
        return self._made.phone(text, digits_kept(text))

    def _without_names(self, text: str) -> str:
        """Return a code without the names of the record, as in a user name."""
        folded = text.casefold()
        inside = any(len(name) >= _TELLING and name in folded for name in self.names)
        return self._prose(text, looks.NAME) if inside or self.holds_name(text) else text

    def holds_name(self, text: str) -> bool:
        """Tell whether a name of the record stands in a text that does not stand in the mapping itself."""
        if text.strip().casefold() in self._deciding.literals:
            return False
        return any(word.casefold() in self.names for word in words_in(text))


def rebuilt(values: list[tuple[Way, Any]]) -> dict[str, Any]:
    """Return a record made of values by their ways, without the columns that are null."""
    root: dict[Any, Any] = {}
    for way, value in values:
        below = root
        for part in way[:-1]:
            below = below.setdefault(part, {})
        below[way[-1]] = value
    return {name: _listed(value) for name, value in root.items() if value is not None}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict) or not value:
        return value
    if all(isinstance(part, int) for part in value):
        return [_listed(value.get(index)) for index in range(max(value) + 1)]
    return {name: _listed(inner) for name, inner in value.items()}


def plain(value: Any) -> Any:
    """Return a value as YAML holds it: dates as text, numbers that are not finite as nothing."""
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value) if value.is_finite() else None
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None  # noqa: PLR0124 - NaN
    if isinstance(value, (set, frozenset, tuple, list)) or hasattr(value, "keys"):
        return _plain_container(value)
    return value


def _plain_container(value: Any) -> Any:
    if hasattr(value, "keys"):
        return {str(name): plain(inner) for name, inner in dict(value).items()}
    return [plain(each) for each in value]
