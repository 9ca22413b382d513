"""From the names that a mapping reads to the columns that a query selects."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sources._dynamics.tables import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NAME: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Selection:
    """What a query asks for."""

    #: The columns; None: all.
    columns: tuple[str, ...] | None
    #: Names that can be no column's.
    strange: tuple[str, ...] = ()

    def missing(self, row: Mapping[str, Any]) -> list[str]:
        """Return the columns that a row does not have; an empty one is there, and null."""
        return [name for name in self.columns or () if name not in row]


def selected(reads: frozenset[str] | None, always: Iterable[str]) -> Selection:
    """Return what to select.

    Args:
        reads: `PollRequest.fields`.
        always: the columns that the adapter itself cannot do without.

    """
    if reads is None:
        return Selection(None)
    names = sorted({name.removesuffix(TEXT) for name in reads if not _leads_below(name, reads)})
    good = [name for name in names if _NAME.fullmatch(name)]
    strange = [name for name in names if not _NAME.fullmatch(name)]
    return Selection(tuple(dict.fromkeys([*always, *good])), tuple(strange))


def _leads_below(name: str, reads: frozenset[str]) -> bool:
    """Tell whether a name is a way into a column that is read as well, as `a.b` is into `a`."""
    top = re.split(r"[.\[]", name, maxsplit=1)[0]
    return top != name and top in reads
