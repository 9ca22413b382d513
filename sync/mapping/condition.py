"""A condition on records that is not part of a mapping file, as `send-again --where` gives one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.mapping.context import context_builder
from sync.mapping.expressions import Expression, Rejected
from sync.mapping.filters import Filter
from sync.mapping.rows import Row
from sync.mapping.text import Unfit

if TYPE_CHECKING:
    from sources.base import Record


class Condition:
    """An expression in the language of a mapping's `where`.

    Args:
        source: the expression.

    Raises:
        ValueError: when it is none, with what is wrong and where.

    """

    def __init__(self, source: str) -> None:
        try:
            expression = Expression(source)
        except Rejected as error:
            raise ValueError(f"{error.problem.message} (at character {error.problem.offset + 1})") from None
        paths = expression.syntax.paths
        #: Top-level names of what it reads; none where it takes the record as a whole.
        self.names: frozenset[str] = frozenset() if () in paths else frozenset(path[0] for path in paths)
        self._filter = Filter(expression, "", "")
        self._build = context_builder(expression.syntax.paths)

    def __call__(self, record: Record) -> bool:
        """Tell whether it holds for a record; where it can't be worked out it does not."""
        try:
            return self._filter.passes(Row(record.fields, self._build))
        except Unfit:
            return False
