"""One property of the lead: its field, or its alternatives, compiled into a function of the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.mapping.expressions import Missing
from sync.mapping.rows import UnfitThere
from sync.mapping.text import Unfit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.mapping.pipeline import Choice
    from sync.mapping.reading import Path
    from sync.mapping.rows import Found, Row, Worked


@dataclass(frozen=True, slots=True)
class Output:
    """One property, ready to be worked out.

    `value` returns its text, raises `text.Unfit` for what can't be used and `expressions.Missing` for
    a template that lacks a part and has no default.
    """

    name: str
    #: As messages show it: ``lead.email``, ``custom["Lead ID"]``.
    path: str
    #: Its line in the mapping file, empty when there is no file.
    at: str
    value: Worked
    default: str | None
    required: bool
    drops: bool
    #: The columns and dotted paths it is read from, and where below its path in the file each is named.
    columns: tuple[str, ...]
    named_at: tuple[tuple[str | int, ...], ...]
    #: What its expressions and templates read.
    paths: frozenset[Path]
    #: Custom properties that it may give besides its own.
    further: tuple[str, ...] = ()
    #: The column whose text it is, when it is nothing but that.
    plain: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Which property an output is, and where it is written."""

    name: str
    path: str
    at: str


def output_of(place: Place, choices: Sequence[Choice], further: tuple[str, ...]) -> Output:
    """Return the output of a property whose field, or alternatives, are compiled."""
    only = choices[0] if len(choices) == 1 else None
    return Output(
        name=place.name,
        path=place.path,
        at=place.at,
        value=only.value if only else _first(place, choices),
        default=only.default if only else None,
        required=any(choice.required for choice in choices),
        drops=only.drops if only else False,
        columns=tuple(column for choice in choices for column in choice.columns),
        named_at=tuple(part for choice in choices for part in choice.named_at),
        paths=frozenset(path for choice in choices for path in choice.paths),
        further=further,
        plain=only.plain if only and not further else None,
    )


def _first(place: Place, choices: Sequence[Choice]) -> Worked:
    """Return the value of the first alternative that has one."""

    def value(row: Row) -> Found:
        lacking: Missing | None = None
        for choice in choices:
            found, missing = _tried(place, choice, row)
            if found is not None:
                return found
            lacking = lacking or missing
        if lacking:
            raise lacking
        return None

    return value


def _tried(place: Place, choice: Choice, row: Row) -> tuple[Found, Missing | None]:
    """Return what an alternative gives, and what its template lacks."""
    try:
        return choice.value(row), None
    except Missing as error:
        return choice.default, error
    except Unfit as error:
        if not choice.drops:
            raise UnfitThere(str(error), choice.at) from error
        row.warn(place.path, f"left out: {error}", choice.at)
        return None, None
