"""Columns that conditions and templates name and a source does not have.

They may be meant to be missing at times, so this is no mistake; but a filter with a slip in it lets
everything through, or nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.located_yaml import ConfigProblem, did_you_mean, dotted
from sync.mapping.expressions import SyntaxProblem
from sync.mapping.places import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sync.mapping.expressions import Expression
    from sync.mapping.outputs import Output
    from sync.mapping.places import Places
    from sync.mapping.reading import Path


def doubtful_names(
    outputs: Mapping[tuple[str, str], Output],
    where: Expression | None,
    places: Places,
    fields: Sequence[str],
) -> list[ConfigProblem]:
    """Return what there is to say about names in conditions and templates that are no column of a source.

    Args:
        outputs: every field, by its path in the file.
        where: the filter, None when there is none.
        places: where they stand.
        fields: the columns of the source.

    """
    found = [
        ConfigProblem(dotted(path), _message(name, fields), places.mark(*path))
        for path, output in outputs.items()
        for name in _unknown(output.paths, fields)
    ]
    if where is not None:
        for name in _unknown(where.syntax.paths, fields):
            problem = SyntaxProblem(_message(name, fields), _offset(name, where.source))
            found.append(places.syntax_problem(("where",), where.source, problem))
    return in_order(found)


def _unknown(paths: Iterable[Path], fields: Sequence[str]) -> list[str]:
    return sorted({path[0] for path in paths if path}.difference(fields))


def _message(name: str, fields: Sequence[str]) -> str:
    return f"there is no column {name}{did_you_mean(name, fields)}; here it is always missing"


def _offset(name: str, source: str) -> int:
    found = re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", source)
    return found.start() if found else 0
