"""What decides in a mapping: columns that `where`, `when` and tables look at, and the texts it asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from sync.mapping.expressions import Expression, Rejected
from sync.mapping.leaves import Way, ways_of
from sync.mapping.missing import WORDS, MissingWords

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sync.mapping.mapping import Mapping as LeadMapping

_LITERAL = re.compile(r"'([^']*)'|\"([^\"]*)\"")


@dataclass(frozen=True, slots=True)
class Deciding:
    """What a mapping decides by."""

    ways: tuple[Way, ...]
    #: Texts that stand in its conditions and tables, without capitals: they are in the file already.
    literals: frozenset[str]
    #: Words that count as nothing.
    missing: MissingWords


def deciding(mapping: LeadMapping, fields: Mapping[str, Any]) -> Deciding:
    """Return what a mapping decides by.

    Args:
        mapping: the mapping.
        fields: those of the record, whose columns may be named like paths.

    """
    said: dict[str, Any] = orjson.loads(mapping.text)["mapping"]
    ways: list[Way] = [tuple(path) for path in mapping.where_paths]
    literals = set(_literals(said.get("where")))
    for part in _sections(said):
        ways += _ways(part, fields)
        literals |= {text.casefold() for text in part.get("values") or ()} | set(_literals(part.get("when")))
    return Deciding(tuple(ways), frozenset(literals), MissingWords(said.get("missing", WORDS)))


def _sections(data: Any) -> Iterator[dict[str, Any]]:
    """Yield every field, also those of a list of alternatives."""
    if isinstance(data, dict):
        yield data
        data = list(data.values())
    for each in data if isinstance(data, list) else ():
        yield from _sections(each)


def _ways(part: dict[str, Any], fields: Mapping[str, Any]) -> Iterator[Way]:
    yield from _read_by(part.get("when"))
    if part.get("values") or part.get("lookup"):
        for column in _columns(part):
            yield from ways_of(column, fields)
        yield from _read_by(part.get("expr"))


def _columns(part: dict[str, Any]) -> Iterator[str]:
    named = part.get("from")
    lookup = part.get("lookup")
    if isinstance(lookup, dict):
        named = named or lookup.get("key")
    for each in named if isinstance(named, list) else [named]:
        if isinstance(each, str):
            yield each


def _read_by(source: Any) -> Iterator[Way]:
    if not isinstance(source, str):
        return
    try:
        yield from (tuple(path) for path in Expression(source).syntax.paths)
    except Rejected:  # its mapping would not have been made
        return


def _literals(source: Any) -> Iterator[str]:
    if isinstance(source, str):
        for single, double in _LITERAL.findall(source):
            yield (single or double).casefold()
