"""What an expression or a template reads of a record, found in its syntax.

MiniJinja's own list of variables is not enough: ``record["Lead ID"]`` counts as the whole record there,
and a variable that is sliced is not in it at all. Jinja's parser gives the tree of the same syntax. What
it can't parse, or what takes the record as a whole (``record[name]``, a loop over it), reads everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Path: TypeAlias = tuple[str, ...]

#: The name under which an expression has the whole record.
RECORD = "record"


@dataclass(frozen=True, slots=True)
class Syntax:
    """What stands in a template, as far as it matters before it is run."""

    #: Ways from the top of the record; an empty one is the whole record.
    paths: frozenset[Path]
    #: Names of the filters, tests and functions that are used.
    filters: frozenset[str] = frozenset()
    tests: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    #: Whether `.get(…)` is called, which gives null where templates count on "undefined".
    calls_get: bool = False
    #: Whether it includes, imports or extends other templates, of which there are none.
    wants_others: bool = False
    #: Whether something is compared with `none` by == or !=.
    compares_none: bool = False
    #: Comparisons of one path with constants: the path, and the kinds of the constants.
    comparisons: tuple[tuple[Path, frozenset[str]], ...] = ()

    @property
    def reads_all(self) -> bool:
        """Whether it reads the record as a whole."""
        return () in self.paths


def syntax_of(source: str, undeclared: Iterable[str]) -> Syntax:
    """Look into a template.

    Args:
        source: the template, an expression inside of ``{{ }}``.
        undeclared: the names that MiniJinja lists as looked up in its context when it runs.

    """
    from sync.mapping.syntax_tree import read_tree  # Jinja is imported by mappings that need it only

    return read_tree(source, frozenset(undeclared)) or Syntax(paths=frozenset({()}))


def kind_of(value: Any) -> str:
    """Return what a value compares as: text, a number, true or false, a date, or other."""
    if isinstance(value, str):
        return "text"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float, Decimal)):
        return "a number"
    return "a date" if isinstance(value, date) else "other"
