"""The part of SOQL that a reader of records needs: parsed and run over rows in memory.

It is as strict as Salesforce where that matters: AND and OR side by side need parentheses, times are not
quoted, texts are, a field may be selected once, and an unknown field refuses the whole query.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))"
    r"|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][\w.]*)|(?P<sign><=|>=|!=|<>|[=<>(),]))"
)
_HINT = (
    "If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. "
    "Please reference your WSDL or the describe call for the appropriate names."
)
_TIMES = ("datetime",)


class SoqlError(Exception):
    """A query that is refused, with what Salesforce calls that."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass
class Kind:
    """An object: the types of its fields by name, and its parents by the name of the relationship."""

    name: str
    fields: dict[str, str]
    parents: dict[str, tuple[str, str]] = field(default_factory=dict)
    #: Fields that a query can't be filtered or sorted by.
    unfilterable: frozenset[str] = frozenset()
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    def named(self, name: str) -> str | None:
        """Return a field's own spelling."""
        return next((each for each in self.fields if each.lower() == name.lower()), None)


Kinds = "Mapping[str, Kind]"


@dataclass
class Parsed:
    fields: list[str]
    kind: Kind
    passes: Callable[[dict[str, Any]], bool]
    order: list[tuple[str, bool]]
    limit: int | None


class Parser:
    """Reads one query."""

    def __init__(self, text: str, kinds: Mapping[str, Kind]) -> None:
        self.text = text
        self._kinds = kinds
        self._tokens = self._split(text)
        self._at = 0
        self._kind: Kind

    def parse(self) -> Parsed:
        self._word("SELECT")
        names = [self._name()]
        while self._next_is(","):
            names.append(self._name())
        self._word("FROM")
        self._kind = self._object(self._name())
        fields = [self._path(name) for name in names]
        if len({name.lower() for name in fields}) < len(fields):
            raise SoqlError("INVALID_FIELD", "duplicate field selected: Id")
        passes = self._alternatives() if self._next_is("WHERE") else lambda _row: True
        order = self._order()
        limit = int(self._take("number")) if self._next_is("LIMIT") else None
        if self._at < len(self._tokens):
            raise self._unexpected()
        return Parsed(fields, self._kind, passes, order, limit)

    def _order(self) -> list[tuple[str, bool]]:
        found: list[tuple[str, bool]] = []
        if not self._next_is("ORDER"):
            return found
        self._word("BY")
        while not found or self._next_is(","):
            name = self._usable(self._name(), "sorted")
            descending = self._next_is("DESC") or (self._next_is("ASC") and False)
            if self._next_is("NULLS"):
                self._name()
            found.append((name, descending))
        return found

    def _alternatives(self) -> Callable[[dict[str, Any]], bool]:
        """Read conditions joined by AND, or by OR; never by both side by side."""
        parts = [self._condition()]
        joined = ""
        while (word := self._peek().upper()) in ("AND", "OR"):
            if joined not in ("", word):
                raise self._unexpected()
            joined = word
            self._at += 1
            parts.append(self._condition())
        either = any if joined == "OR" else all
        return lambda row: either(part(row) for part in parts)

    def _condition(self) -> Callable[[dict[str, Any]], bool]:
        if self._next_is("NOT"):
            inner = self._condition()
            return lambda row: not inner(row)
        if self._next_is("("):
            inner = self._alternatives()
            self._word(")")
            return inner
        path = self._usable(self._name(), "filtered")
        return self._comparison(path)

    def _comparison(self, path: str) -> Callable[[dict[str, Any]], bool]:
        operator = self._any().upper()
        if operator == "NOT":
            self._word("IN")
            chosen = self._list(path)
            return lambda row: at(row, path) not in chosen
        if operator == "IN":
            chosen = self._list(path)
            return lambda row: at(row, path) in chosen
        value = self._value(path)
        if operator == "LIKE":
            pattern = re.compile(re.escape(str(value)).replace("%", ".*").replace("_", "."), re.IGNORECASE)
            return lambda row: bool(pattern.fullmatch(str(at(row, path) or "")))
        if operator not in _COMPARE:
            raise self._unexpected(-2)
        return lambda row: _compared(operator, at(row, path), value)

    def _list(self, path: str) -> list[Any]:
        self._word("(")
        values = [self._value(path)]
        while self._next_is(","):
            values.append(self._value(path))
        self._word(")")
        return values

    def _value(self, path: str) -> Any:
        kind, text = self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")
        self._at += 1
        wanted = self._type(path)
        if kind == "name" and text.lower() in ("null", "true", "false"):
            return {"null": None, "true": True, "false": False}[text.lower()]
        if (wanted in _TIMES) != (kind == "time") or (kind == "number") != (wanted in ("double", "int")):
            quoted = "should not be" if wanted in _TIMES else "should be"
            raise SoqlError(
                "INVALID_FIELD",
                f"{self._place()}value of filter criterion for field '{path}' must be of type {wanted} and "
                f"{quoted} enclosed in quotes",
            )
        if kind == "time":
            return datetime.fromisoformat(text).astimezone(UTC)
        return float(text) if kind == "number" else re.sub(r"\\(.)", r"\1", text[1:-1])

    def _object(self, name: str) -> Kind:
        found = next((kind for each, kind in self._kinds.items() if each.lower() == name.lower()), None)
        if found is None:
            raise SoqlError("INVALID_TYPE", f"{self._place()}sObject type '{name}' is not supported.")
        return found

    def _path(self, name: str) -> str:
        """Return a path in its own spelling."""
        kind, found = self._kind, []
        *parents, last = name.split(".")
        for parent in parents:
            known = next((each for each in kind.parents if each.lower() == parent.lower()), None)
            if known is None:
                raise SoqlError(
                    "INVALID_FIELD",
                    f"{self._place()}Didn't understand relationship '{parent}' in field path. If you are "
                    "attempting to use a custom relationship, be sure to append the '__r' after the custom "
                    "relationship name.",
                )
            found.append(known)
            kind = self._kinds[kind.parents[known][0]]
        spelt = kind.named(last)
        if spelt is None:
            message = f"{self._place()}No such column '{last}' on entity '{kind.name}'. {_HINT}"
            raise SoqlError("INVALID_FIELD", message)
        return ".".join([*found, spelt])

    def _usable(self, name: str, how: str) -> str:
        path = self._path(name)
        if path in self._kind.unfilterable:
            raise SoqlError(
                "INVALID_FIELD", f"{self._place()}field '{path}' can not be {how} in a query call"
            )
        return path

    def _type(self, path: str) -> str:
        kind = self._kind
        *parents, last = path.split(".")
        for parent in parents:
            kind = self._kinds[kind.parents[parent][0]]
        return kind.fields[last]

    def _split(self, text: str) -> list[tuple[str, str]]:
        found, at_ = [], 0
        while text[at_:].strip():
            match = _TOKEN.match(text, at_)
            if match is None:
                character = text[at_:].lstrip()[0]
                raise SoqlError("MALFORMED_QUERY", f"line 1:{at_} no viable alternative at '{character}'")
            found.append((str(match.lastgroup), match[str(match.lastgroup)]))
            at_ = match.end()
        return found

    def _peek(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _any(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _take(self, kind: str) -> str:
        if self._at >= len(self._tokens) or self._tokens[self._at][0] != kind:
            raise self._unexpected()
        return self._any()

    def _name(self) -> str:
        return self._take("name")

    def _next_is(self, word: str) -> bool:
        if self._peek().upper() != word:
            return False
        self._at += 1
        return True

    def _word(self, word: str) -> None:
        if not self._next_is(word):
            raise self._unexpected()

    def _place(self) -> str:
        return f"\n{self.text[:60]}\n ^\nERROR at Row:1:Column:{min(self._at, 60)}\n"

    def _unexpected(self, offset: int = 0) -> SoqlError:
        place = self._at + offset
        token = self._tokens[place][1] if place < len(self._tokens) else "<EOF>"
        return SoqlError("MALFORMED_QUERY", f"{self._place()}unexpected token: '{token}'")


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _compared(operator: str, found: Any, value: Any) -> bool:
    if isinstance(found, str) and isinstance(value, str) and operator in ("=", "!=", "<>"):
        found, value = found.lower(), value.lower()
    if (found is None or value is None) and operator not in ("=", "!=", "<>"):
        return False
    return _COMPARE[operator](found, value)


def at(row: Mapping[str, Any], path: str) -> Any:
    """Return what a path leads to, None when a parent is empty."""
    value: Any = row
    for part in path.split("."):
        value = value.get(part) if value else None
    return value


def run(parsed: Parsed, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows that a query gives, whole, in its order."""
    found = [row for row in rows if parsed.passes(row)]
    for name, descending in reversed(parsed.order):
        found.sort(key=lambda row: (at(row, name) is not None, at(row, name)), reverse=descending)
    return found[: parsed.limit]
