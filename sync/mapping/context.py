"""What a record looks like to expressions and templates.

They get copies, cut down to what they read: null, missing and empty values are not there at all (so
that nothing can print "None"), text is trimmed, 7.0 is 7. A column whose name is no Jinja name is
reached as ``record["Lead ID"]``. An object of which a part is read is there even if the record lacks
it, so that ``car.color|default("red")`` needs no second question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeAlias

from sync.mapping.missing import NONE, MissingWords
from sync.mapping.reading import RECORD, Path
from sync.mapping.text import Unfit, clean, is_finite, is_huge, text_of

Context: TypeAlias = dict[str, Any]
ContextBuilder: TypeAlias = Callable[[Mapping[str, Any]], Context]
_Tree: TypeAlias = "dict[str, _Tree | None]"

_DEEPEST = 64
#: Integers that the template engine can hold; others it would turn into inexact floats.
_WIDEST = 2**127


def context_builder(paths: Iterable[Path], missing: MissingWords = NONE) -> ContextBuilder:
    """Return a function that gives expressions the paths they read, of any record.

    Args:
        paths: what they read.
        missing: the words that count as nothing.

    The function raises `Unfit` when the record is nested too deeply.

    """
    tree = _tree(paths)
    if tree is None:
        return lambda fields: _with_record(reduced(fields, missing))
    return lambda fields: _with_record(_pruned(fields, tree, missing))


def _with_record(found: Context) -> Context:
    return {**found, RECORD: found}


def _tree(paths: Iterable[Path]) -> _Tree | None:
    """Return the paths as a tree of names whose leaves are None; None itself is everything."""
    root: _Tree = {}
    for path in sorted(paths, key=len):
        if not path:
            return None
        _grow(root, path)
    return root


def _grow(tree: _Tree, path: Path) -> None:
    branch: _Tree = tree
    for name in path[:-1]:
        below = branch.setdefault(name, {})
        if below is None:  # all of it is read already
            return
        branch = below
    branch.setdefault(path[-1], None)


def _pruned(fields: Mapping[str, Any], tree: _Tree, missing: MissingWords) -> Context:
    found: Context = {}
    for name, below in tree.items():
        value = fields.get(name)
        if below is not None and (value is None or isinstance(value, Mapping)):
            found[name] = _pruned(value or {}, below, missing)
        else:
            value = reduced(value, missing)
            if value is not None:
                found[name] = value
            elif below is not None:
                found[name] = {}
    return found


def reduced(value: Any, missing: MissingWords = NONE, depth: int = 0) -> Any:
    """Return a copy of a value without anything empty in it, None when nothing is left to say.

    Args:
        value: any value of a record.
        missing: the words that count as nothing.
        depth: how many levels it is nested.

    Raises:
        Unfit: when it is nested too deeply.

    """
    kind = type(value)
    if kind is str:
        text = clean(value)
        return text if text and text not in missing else None
    if missing.of_numbers and missing.mean(value):
        return None
    if value is None or kind is bool:
        return value
    if isinstance(value, (int, float, Decimal)):
        return _number(value)
    if isinstance(value, (datetime, date, time)):
        return value
    return _container(value, missing, depth)


def _number(value: float | Decimal) -> Any:
    if not is_finite(value) or is_huge(value):
        return None
    if value == (whole := int(value)):
        return whole if -_WIDEST < whole < _WIDEST else text_of(value)
    return value


def _container(value: Any, missing: MissingWords, depth: int) -> Any:
    if depth > _DEEPEST:
        raise Unfit(f"the record is nested more than {_DEEPEST} levels deep")
    if isinstance(value, Mapping):
        parts = ((text_of(name) or "", reduced(part, missing, depth + 1)) for name, part in value.items())
        return {name: part for name, part in parts if part is not None}
    if isinstance(value, (set, frozenset)):
        value = sorted(value, key=str)
    if isinstance(value, (list, tuple)):
        return [part for part in (reduced(item, missing, depth + 1) for item in value) if part is not None]
    return text_of(value)
