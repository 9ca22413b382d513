"""Columns that a mapping names and a source does not have: found before the first record is mapped.

Without this a renamed column would not be noticed: its property would only be missing from every lead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources.base import KnowsFields
from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sources.base import Source
    from sync.mapping import Mapping


def column_check(mapping: Mapping, source: Source) -> Callable[[], Awaitable[None]] | None:
    """Return what raises BadConfig when the source lacks a column; None when it can't say what it has."""
    if not isinstance(source, KnowsFields):
        return None

    async def check() -> None:
        missing = mapping.missing_columns(await source.fields())
        if missing:
            raise BadConfig("\n".join(map(str, missing)), "mapping")

    return check
