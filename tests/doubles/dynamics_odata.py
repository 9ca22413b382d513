"""The part of OData 4.0 that a reader of Dataverse needs: filters parsed and run over rows in memory.

It is as strict as Dataverse where that matters: times and ids are not quoted, texts are, names are told apart
by case, and an unknown one refuses the whole query. Ids are compared as SQL Server does: from their end.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_GUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_TOKEN = re.compile(
    rf"\s*(?:(?P<in>Microsoft\.Dynamics\.CRM\.In\(PropertyName='(?P<of>\w+)',PropertyValues=(?P<values>\[.*?\])\))"
    rf"|(?P<time>\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)|(?P<id>{_GUID})|(?P<text>'(?:[^']|'')*')"
    r"|(?P<number>-?\d+)|(?P<name>\w+)|(?P<sign>[()]))"
)
_KINDS = {"time": "DateTimeType", "id": "UniqueidentifierType", "text": "StringType", "number": "StateType"}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}

Row = "dict[str, Any]"


class ODataError(Exception):
    """A query that is refused, in the words of Dataverse."""


def id_order(text: str) -> tuple[str, ...]:
    """Return what ids are ordered by: the last group first, those at the front with their bytes turned."""
    a, b, c, d, e = text.lower().split("-")
    return (e, d, _turned(c), _turned(b), _turned(a))


def _turned(text: str) -> str:
    return "".join(text[at : at + 2] for at in range(len(text) - 2, -1, -2))


def comparable(kind: str, value: Any) -> Any:
    """Return what a value of a type is compared by."""
    if kind == "UniqueidentifierType":
        return id_order(str(value))
    return value.casefold() if isinstance(value, str) else value


class Filter:
    """Reads one `$filter`.

    Args:
        text: the filter, decoded.
        entity: the table's logical name, for messages.
        columns: the types of its columns.
        compares_ids: whether ids may be compared otherwise than for being the same.

    """

    def __init__(self, text: str, entity: str, columns: Mapping[str, str], *, compares_ids: bool) -> None:
        self._tokens = _split(text)
        self._entity = entity
        self._columns = columns
        self._compares_ids = compares_ids
        self._at = 0

    def parse(self) -> Callable[[dict[str, Any]], bool]:
        """Return what is true of the rows that pass."""
        passes = self._alternatives()
        if self._at < len(self._tokens):
            raise ODataError(f"Syntax error at position {self._at} in the filter.")
        return passes

    def _alternatives(self) -> Callable[[dict[str, Any]], bool]:
        parts = [self._together()]
        while self._next_is("or"):
            parts.append(self._together())
        return lambda row: any(part(row) for part in parts)

    def _together(self) -> Callable[[dict[str, Any]], bool]:
        parts = [self._condition()]
        while self._next_is("and"):
            parts.append(self._condition())
        return lambda row: all(part(row) for part in parts)

    def _condition(self) -> Callable[[dict[str, Any]], bool]:
        if self._next_is("("):
            inner = self._alternatives()
            if not self._next_is(")"):
                raise ODataError("')' or operator expected in the filter.")
            return inner
        found = self._take()
        if found["in"] is not None:
            return self._among(found["of"], json.loads(found["values"]))
        return self._comparison(self._column(found["name"] or ""))

    def _among(self, name: str, values: list[str]) -> Callable[[dict[str, Any]], bool]:
        kind = self._columns[self._column(name)]
        chosen = {comparable(kind, value) for value in values}
        return lambda row: row.get(name) is not None and comparable(kind, str(row[name])) in chosen

    def _comparison(self, name: str) -> Callable[[dict[str, Any]], bool]:
        operator, literal = self._take()["name"], self._take()
        kind = self._columns[name]
        if operator not in _COMPARE or _KINDS.get(str(literal.lastgroup)) != kind:
            raise ODataError(
                "A binary operator with incompatible types was detected. Found operand types "
                f"'{kind}' and '{literal.lastgroup}' for operator kind '{operator}'."
            )
        if kind == "UniqueidentifierType" and operator not in ("eq", "ne") and not self._compares_ids:
            raise ODataError(f"The operator '{operator}' is not valid for the attribute '{name}'.")
        value = comparable(kind, _value(literal))
        return lambda row: (
            row.get(name) is not None and _COMPARE[operator](comparable(kind, row[name]), value)
        )

    def _column(self, name: str) -> str:
        if name not in self._columns:
            raise no_column(name, self._entity)
        return name

    def _take(self) -> re.Match[str]:
        if self._at >= len(self._tokens):
            raise ODataError("Expression expected at the end of the filter.")
        self._at += 1
        return self._tokens[self._at - 1]

    def _next_is(self, word: str) -> bool:
        there = self._at < len(self._tokens) and self._tokens[self._at][0].strip() == word
        self._at += there
        return there


def no_column(name: str, entity: str) -> ODataError:
    """Return the refusal of a name that no column has."""
    return ODataError(f"Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.{entity}'.")


def _value(literal: re.Match[str]) -> Any:
    text = literal[0].strip()
    if literal.lastgroup == "time":
        return datetime.fromisoformat(text).astimezone(UTC)
    if literal.lastgroup == "text":
        return text[1:-1].replace("''", "'")
    return int(text) if literal.lastgroup == "number" else text


def _split(text: str) -> list[re.Match[str]]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise ODataError(f"Syntax error at position {at} in the filter.")
        found.append(match)
        at = match.end()
    return found
