"""What is done with a value between where it comes from and the form in which it is sent.

A step takes a value and returns one; None is nothing. Of a list it takes every item, except where it is
about lists itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sync.mapping.table_keys import number_of
from sync.mapping.text import Unfit, clean, shape, text_of

if TYPE_CHECKING:
    from sync.mapping.missing import MissingWords
    from sync.mapping.spec_types import Scalar
    from sync.mapping.table_keys import Range

Step: TypeAlias = Callable[[Any], Any]

#: What a table gives for an entry that is null: nothing, not even the default.
NOTHING: Final = object()


def chain(steps: Sequence[Step]) -> Step | None:
    """Return one step that does them all, until there is nothing; None for no step."""
    if len(steps) <= 1:
        return steps[0] if steps else None

    def run(value: Any) -> Any:
        for step in steps:
            value = step(value)
            if value is None or value is NOTHING:
                return value
        return value

    return run


def each(step: Step) -> Step:
    """Return a step that takes the items of a list one by one."""

    def run(value: Any) -> Any:
        if not isinstance(value, (list, tuple)):
            return step(value)
        found = [result for item in value if (result := step(item)) is not None and result is not NOTHING]
        return found or None

    return run


def of_present(step: Step | None, missing: MissingWords) -> Step:
    """Return a step, if any, that sees a list without the items that are nothing: blank, or a word for it."""

    def is_there(item: Any) -> bool:
        blank = item is None or (isinstance(item, str) and not item.strip())
        return not blank and not missing.mean(item)

    def run(value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            value = list(filter(is_there, value)) or None
        return value if value is None or step is None else step(value)

    return run


def splitting(separators: Sequence[str], missing: MissingWords) -> Step:
    """Return the step of `split`: text becomes a list of its parts, without empty and missing ones."""
    cut = re.compile("|".join(map(re.escape, sorted(separators, key=len, reverse=True)))).split

    def parts(value: Any) -> list[str]:
        text = text_of(value)
        found = map(clean, cut(text)) if text else ()
        return [part for part in found if part and part not in missing]

    def split(value: Any) -> Any:
        values = value if isinstance(value, (list, tuple)) else (value,)
        return [part for each_value in values for part in parts(each_value)] or None

    return split


def picking(which: str | int) -> Step:
    """Return the step of `pick`: one of a list. A value that is no list is its own first and last."""
    index = {"first": 0, "last": -1}[which] if isinstance(which, str) else which - 1

    def pick(value: Any) -> Any:
        values = value if isinstance(value, (list, tuple)) else (value,)
        return values[index] if index < len(values) and values else None

    return pick


def looking_up(entries: Mapping[str, Scalar], unlisted: Step) -> Step:
    """Return the step of a table of texts: looked up exactly, then regardless of capitals.

    Args:
        entries: the table; an entry that is empty gives `NOTHING`.
        unlisted: what becomes of a value that is not listed.

    """
    exact = {clean(name): NOTHING if text_of(value) is None else value for name, value in entries.items()}
    folded = _folded(exact)

    def look_up(value: Any) -> Any:
        text = text_of(value)
        if text is None:
            return None
        found = exact.get(text)
        if found is None:
            found = folded.get(text.casefold())
        return unlisted(value) if found is None else found

    return look_up


def _folded(exact: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entries by their names without capitals; none where two would become one."""
    found: dict[str, Any] = {}
    for name, value in exact.items():
        folded = name.casefold()
        found[folded] = value if folded not in found or found[folded] == value else None
    return found


def in_ranges(entries: Sequence[tuple[Range, Scalar]], unlisted: Step) -> Step:
    """Return the step of a table's ranges: of those in which a number lies the first counts."""
    ranges = [(span, NOTHING if text_of(value) is None else value) for span, value in entries]
    if not ranges:
        return unlisted

    def find(value: Any) -> Any:
        number = _number_in(value)
        if number is not None:
            for span, said in ranges:
                if number in span:
                    return said
        return unlisted(value)

    return find


def _number_in(value: Any) -> float | None:
    """Return the number that a value is, also as people write it: "$12,500"; None when it is none."""
    text = text_of(value)
    if text is None:
        return None
    plain = number_of(text)
    if plain is not None:
        return plain
    from sync.mapping.transforms.number import number

    try:
        return float(number(text) or 0)
    except ValueError:
        return None


def unlisted(otherwise: str, where: str) -> Step:
    """Return what becomes of a value that a table does not list: `keep`, `drop` or `reject`."""
    if otherwise == "keep":
        return lambda value: value
    if otherwise == "drop":
        return lambda _value: None

    def reject(value: Any) -> Any:
        raise Unfit(f"{shape(value)}: not listed {where}")

    return reject


def joining(text: str, normalise: Step) -> Step:
    """Return the last step of a field with `join`: the texts of a list, put together."""

    def join(value: Any) -> Any:
        values: Iterable[Any] = value if isinstance(value, (list, tuple)) else (value,)
        return text.join(found for item in values if (found := normalise(item))) or None

    return join
