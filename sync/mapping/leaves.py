"""The single values of a record, by the way to each, and which of them a mapping reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from sync.mapping.paths import Fitting, split

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sync.mapping.mapping import Mapping as LeadMapping
    from sync.mapping.outputs import Output

#: Names of objects' parts and indices of lists, from the top of a record.
Way: TypeAlias = "tuple[str | int, ...]"

#: Any item of a list.
ANY = -1
#: What is nested deeper is one value.
_DEEPEST = 12


def leaves(fields: Mapping[str, Any]) -> Iterator[tuple[Way, Any]]:
    """Yield every value that holds no others, with the way to it."""
    for name, value in fields.items():
        yield from _below((name,), value)


def _below(way: Way, value: Any) -> Iterator[tuple[Way, Any]]:
    parts: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, Mapping):
        parts = ((str(name), inner) for name, inner in value.items())
    elif isinstance(value, (list, tuple)):
        parts = enumerate(value)
    if not value or len(way) > _DEEPEST or not isinstance(value, (Mapping, list, tuple)):
        yield way, value
        return
    for part, inner in parts:
        yield from _below((*way, part), inner)


def written(way: Way) -> str:
    """Return a way as mappings write it: ``phones[0].number``."""
    text = ""
    for part in way:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def ways_of(column: str, fields: Mapping[str, Any]) -> list[Way]:
    """Return the ways that a path of a mapping means: more than one where a list is searched."""
    if column in fields:
        return [(column,)]
    way: Way = ()
    also: list[Way] = []
    for part in split(column):
        if isinstance(part, Fitting):
            also.append((*way, ANY, part.name))
        way = (*way, part if isinstance(part, str) else ANY)
    return [way, *also]


class Reach:
    """Which values of one record a mapping reads, and for what.

    Args:
        mapping: the mapping.
        fields: the record's.

    """

    def __init__(self, mapping: LeadMapping, fields: Mapping[str, Any]) -> None:
        self._outputs = [(output, _read_by(output, fields)) for output in mapping.outputs]
        self._where: list[Way] = [tuple(path) for path in mapping.where_paths]

    def covers(self, way: Way) -> bool:
        """Tell whether the mapping reads what stands at a way."""
        return self.filters(way) or any(_meets(ways, way) for _, ways in self._outputs)

    def filters(self, way: Way) -> bool:
        """Tell whether `where` reads it."""
        return _meets(self._where, way)

    def outputs(self, way: Way) -> list[Output]:
        """Return the properties that are made of it."""
        return [output for output, ways in self._outputs if _meets(ways, way)]


def _read_by(output: Output, fields: Mapping[str, Any]) -> list[Way]:
    named = [way for column in output.columns for way in ways_of(column, fields)]
    return [*named, *(tuple(path) for path in output.paths)]


def _meets(ways: Iterable[Way], leaf: Way) -> bool:
    return any(is_along(way, leaf) for way in ways)


def is_along(way: Way, leaf: Way) -> bool:
    """Tell whether one of two ways is the beginning of the other."""
    pairs = zip(way, leaf, strict=False)
    return all((part == ANY and isinstance(at, int)) or str(part) == str(at) for part, at in pairs)
