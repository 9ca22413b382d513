"""How the properties of a lead are filled in, one after another and plain ones in one go."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from sync.mapping.expressions import Missing
from sync.mapping.notes import failed, put, wanting
from sync.mapping.rows import Row
from sync.mapping.text import Unfit, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.mapping.missing import MissingWords
    from sync.mapping.outputs import Output

#: Fills in some properties of a record's lead.
Fill: TypeAlias = Callable[[Row, dict[str, str]], None]


def fills(outputs: Sequence[Output], missing: MissingWords) -> list[Fill]:
    """Return what fills in a section of the lead, in the order of its properties."""
    found: list[Fill] = []
    for is_plain, group in groupby(outputs, key=lambda output: output.plain is not None):
        several = list(group)
        found.extend([_several(several, missing)] if is_plain else map(_one, several))
    return found


def _several(outputs: list[Output], missing: MissingWords) -> Fill:
    """Return what fills in properties that are the text of a column, which most are.

    Each of them costs one look-up and its text. Where one of them is no text after all, they are
    filled in one by one.
    """
    pairs = [(output.name, output.plain) for output in outputs if output.plain is not None]
    names = frozenset(output.name for output in outputs)
    one_by_one = [_one(output) for output in outputs]

    def fill(row: Row, found: dict[str, str]) -> None:
        get = row.fields.get
        try:
            if names.isdisjoint(found):
                for name, column in pairs:
                    text = text_of(get(column))
                    if text is not None and text not in missing:
                        found[name] = text
                return
        except Unfit:
            pass  # what is filled in already comes out the same once more
        for each in one_by_one:
            each(row, found)

    return fill


def _one(output: Output) -> Fill:
    name, work_out = output.name, output.value

    def fill(row: Row, found: dict[str, str]) -> None:
        try:
            value = work_out(row)
        except (Unfit, Missing) as error:
            value = failed(row, output, error)
        if type(value) is str and name not in found:
            found[name] = value
        elif value is not None:
            put(row, found, output, value)
        elif output.required:
            wanting(row, output)

    return fill
