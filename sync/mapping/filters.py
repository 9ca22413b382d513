"""Expressions that are asked for a yes or a no: `where` and `when`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.mapping.text import Unfit

if TYPE_CHECKING:
    from sync.mapping.expressions import Expression
    from sync.mapping.rows import Row

#: Words for yes and no. As the text of a whole condition they'd all be true.
_WORDS = frozenset({"true", "false", "yes", "no", "y", "n", "t", "f", "on", "off", "0", "1"})


def holds(expression: Expression, row: Row) -> bool:
    """Tell whether a condition is true of a record.

    Raises:
        Unfit: when it fails at run time, or gives a word like "no" that is true as text.

    """
    result = expression.evaluated(row.fields, row.context)
    if isinstance(result, str) and result.strip().lower() in _WORDS:
        raise Unfit('gives the text of a word for yes or no; compare it, as in opted_in == "yes"')
    return bool(result)


@dataclass(frozen=True, slots=True)
class Filter:
    """The `where` of a mapping."""

    expression: Expression
    #: Its line in the mapping file, as in ``mappings/crm.yaml:1``, empty when there is no file.
    line: str
    at: str

    @property
    def reason(self) -> str:
        """Why a record that fails it is skipped."""
        return f"where: {self.expression.source}" + (f" ({self.line})" if self.line else "")

    def passes(self, row: Row) -> bool:
        """Tell whether a record is to be sent.

        Raises:
            Unfit: when it fails at run time, or gives a word like "no" that is true as text.

        """
        return holds(self.expression, row)
