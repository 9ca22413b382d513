"""Columns that a mapping names and a source does not have: found before the first record is mapped.

Without this a renamed column would not be noticed: its property would only be missing from every lead.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from sources.base import KnowsFields
from sources.errors import BadConfig, SourceError
from sync.located_yaml import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from sources.base import Source
    from sync.mapping import Mapping
    from sync.mapping.condition import Condition

#: So many of a source's columns are listed when one is missing.
_LISTED = 30


class NoSuchColumn(ValueError):
    """A condition names a column that the source does not have; the message says which and where."""


def column_check(mapping: Mapping, source: Source) -> Callable[[], Awaitable[None]] | None:
    """Return what raises BadConfig when the source lacks a column; None when it can't say what it has."""
    if not isinstance(source, KnowsFields):
        return None

    async def check() -> None:
        await columns_of(mapping, source)

    return check


async def columns_of(mapping: Mapping, source: KnowsFields) -> Sequence[str]:
    """Return the columns of a source.

    Raises:
        BadConfig: when it lacks one that the mapping names.
        SourceError: when it can't be asked.

    """
    columns = await source.fields()
    missing = mapping.missing_columns(columns)
    if missing:
        raise BadConfig("\n".join(map(str, missing)), "mapping")
    return columns


async def check_condition(condition: Condition, text: str, source: Source) -> None:
    """Look whether a source has the columns that a condition names, as far as it can say what it has.

    Args:
        condition: what was typed, compiled.
        text: the same as it was typed.
        source: what will be read.

    Raises:
        NoSuchColumn: for the first one that there is not.

    """
    if not isinstance(source, KnowsFields):
        return
    fields: Sequence[str] = ()
    with suppress(SourceError):  # reading it says the same, and says it better
        fields = await source.fields()
    missing = [(_place(name, text), name) for name in condition.names.difference(fields)] if fields else []
    for place, name in sorted(missing):
        listed = ", ".join(fields[:_LISTED]) + (", …" if len(fields) > _LISTED else "")
        close = did_you_mean(name, fields)
        raise NoSuchColumn(f"there is no column {name}{close}; there are {listed} (at character {place})")


def _place(name: str, text: str) -> int:
    """Return which character of a condition a name begins at, the first of them being 1."""
    found = re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text)
    return found.start() + 1 if found else 1
