"""The columns of a sample: top-level ones, and what lies inside of objects and lists, each by its path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sync.suggesting.missing import is_missing
from sync.suggesting.words import words_of
from sync.suggesting.yaml_text import readable

Parts: TypeAlias = "tuple[str | int, ...]"

#: Objects further down are not looked into: nobody's phone number is there.
_DEEPEST = 5
#: Columns beyond are not looked at; a record of so many parts is a document.
_MOST = 2000
#: A longer name is prose, and YAML takes no key of over a thousand characters.
_LONGEST_NAME = 200


@dataclass(slots=True)
class Column:
    """One column, with what it held in the sample."""

    #: The way to it; one text for a plain column, whatever characters are in it.
    parts: Parts
    #: What it held, without what is missing.
    values: list[Any] = field(default_factory=list)
    #: How many records there were.
    total: int = 0
    #: How many of the values are objects or lists that are not looked into.
    nested: int = 0
    #: Whether it is the first one.
    first: bool = False

    @property
    def path(self) -> str:
        """The way a mapping names it."""
        return path_of(self.parts)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of its name and of the objects around it, from the outermost."""
        return tuple(word for part in self.parts if isinstance(part, str) for word in words_of(part))

    @property
    def filled(self) -> float:
        """The share of records in which it holds something, 0 to 1."""
        return len(self.values) / self.total if self.total else 0.0


def path_of(parts: Parts) -> str:
    """Return the path of parts; a name that could be taken for a path of its own is put in quotes."""
    if len(parts) == 1:
        name = str(parts[0])
        return _in_quotes(name) if set(name) & set('[]"') else name
    path = ""
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += ("." if path else "") + _part(part)
    return path


def _part(name: str) -> str:
    return _in_quotes(name) if set(name) & set('.[]"') or name != name.strip() else name


def _in_quotes(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def columns_of(records: Iterable[Mapping[str, Any]], names: Iterable[str] = ()) -> list[Column]:
    """Return the columns of records, in the order in which they are met.

    Args:
        records: the sample.
        names: columns that are known, whether or not a record has them.

    """
    found: dict[Parts, Column] = {(name,): Column((name,)) for name in names if _nameable(name)}
    rows = list(records)
    for record in rows:
        for parts, value in _leaves(record, ()):
            if parts not in found and len(found) < _MOST:
                found[parts] = Column(parts)
            if parts in found and not is_missing(value):
                _add(found[parts], value)
    inner = {parts[:end] for parts in found for end in range(1, len(parts))}
    kept = [each for parts, each in found.items() if parts not in inner or each.values]
    for at, column in enumerate(kept):
        column.total, column.first = len(rows), at == 0
    return kept


def _add(column: Column, value: Any) -> None:
    column.nested += isinstance(value, (Mapping, list, tuple))
    column.values.append(value)


def _leaves(value: Mapping[str, Any], above: Parts) -> Iterator[tuple[Parts, Any]]:
    for name, inner in value.items():
        if not _nameable(name):
            continue
        parts: Parts = (*above, name)
        first = inner[0] if isinstance(inner, (list, tuple)) and inner else None
        if isinstance(inner, Mapping) and inner and len(parts) < _DEEPEST:
            yield from _leaves(inner, parts)
        elif isinstance(first, Mapping) and len(parts) < _DEEPEST:
            yield from _leaves(first, (*parts, 0))
        elif isinstance(first, str) and len(parts) < _DEEPEST:
            yield (*parts, 0), first
        else:
            yield parts, inner


def _nameable(name: Any) -> bool:
    return isinstance(name, str) and bool(name.strip()) and len(name) <= _LONGEST_NAME and readable(name)
