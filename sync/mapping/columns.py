"""Which columns a mapping needs, and what to say about those that a source does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.located_yaml import ConfigProblem, did_you_mean, dotted
from sync.mapping.paths import named, top
from sync.mapping.places import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sync.mapping.outputs import Output
    from sync.mapping.places import Places
    from sync.mapping.reading import Path

#: So many of a source's columns are listed when one is missing.
_LISTED = 30


class Columns:
    """The columns that plain fields name, and all that is read.

    Args:
        outputs: every field, by its path in the file.
        places: where they stand.

    """

    def __init__(self, outputs: dict[tuple[str, str], Output], places: Places) -> None:
        self._named = [
            (path, column, places.mark(*path, *part))
            for path, output in outputs.items()
            for column, part in zip(output.columns, output.named_at, strict=True)
        ]
        #: Top-level names that plain fields read.
        self.needed = frozenset(top(column) for _, column, _ in self._named)
        #: Where each of them is first named.
        self.marks = {top(column): mark for _, column, mark in reversed(self._named) if mark is not None}

    def missing(self, fields: Sequence[str]) -> list[ConfigProblem]:
        """Return a problem for every column that is named and not among a source's."""
        known = set(fields)
        return in_order(
            ConfigProblem(dotted(path), _message(column, fields), mark)
            for path, column, mark in self._named
            if column not in known and top(column) not in known
        )


def _message(column: str, fields: Sequence[str]) -> str:
    listed = ", ".join(fields[:_LISTED]) + (", …" if len(fields) > _LISTED else "")
    name = column if column in fields else top(column)
    return f"there is no column {name}{did_you_mean(name, fields)}; there are {listed or 'none at all'}"


def names_read(outputs: Iterable[Output], further: Iterable[Path]) -> frozenset[str] | None:
    """Return what a source is asked for: top-level names and, for sources that nest, dotted ones too.

    None is everything.
    """
    found: set[str] = set()
    for output in outputs:
        for column in output.columns:
            found.update(named(column))
        further = (*further, *output.paths)
    for path in further:
        if not path:
            return None
        found.update((path[0], ".".join(path)))
    return frozenset(found)
