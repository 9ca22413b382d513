"""More than one phone or e-mail in one value: which of them is meant, and the note that says so."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from sync.mapping.text import Unfit

if TYPE_CHECKING:
    import re

#: What `several` may say.
Several: TypeAlias = Literal["first", "last", "reject"]
_Found = TypeVar("_Found")
_Reader: TypeAlias = Callable[[str], "_Found | None"]


@dataclass(frozen=True, slots=True)
class Noted:
    """A value that there is something to say about. A plain one is returned as mere text."""

    text: str
    #: What the user should know, for a warning on the lead; says nothing of the value itself.
    warning: str | None = None
    #: Of a phone number: the digits of "x123".
    extension: str | None = None


def read_all(
    text: str, read: _Reader[_Found], separators: Sequence[re.Pattern[str]], worth: re.Pattern[str]
) -> list[_Found]:
    """Return everything that a text holds, empty when a part of it can't be read.

    The whole is tried first, then its parts between the first of the separators that parts it, and so
    on: what separates two numbers may also stand within one, as in 030/901820.

    Args:
        text: what may hold several.
        read: reads one; None when the text is not one.
        separators: the surest first, without groups.
        worth: what a part must have to be read; others are labels and are passed over.

    """
    found = read(text)
    if found is not None:
        return [found]
    for number, separator in enumerate(separators, 1):
        parts = [part for part in separator.split(text) if worth.search(part)]
        if len(parts) > 1 and (every := _each(parts, read, separators[number:], worth)):
            return every
    return []


def _each(
    parts: Sequence[str], read: _Reader[_Found], separators: Sequence[re.Pattern[str]], worth: re.Pattern[str]
) -> list[_Found]:
    every: list[_Found] = []
    for part in parts:
        found = read_all(part, read, separators, worth)
        if not found:
            return []
        every += found
    return every


def distinct(found: Iterable[_Found], key: Callable[[_Found], Hashable]) -> tuple[_Found, ...]:
    """Return each of them once, in the order written, as it was written first."""
    seen: dict[Hashable, _Found] = {}
    for each in found:
        seen.setdefault(key(each), each)
    return tuple(seen.values())


def chosen(found: Sequence[_Found], several: Several, what: str) -> tuple[_Found, str | None]:
    """Return the one that is meant, and a warning when there was a choice.

    Args:
        found: at least one, in the order written.
        several: which of them.
        what: their name in the plural, for people.

    Raises:
        Unfit: when there are several and none is to be chosen.

    """
    if len(found) == 1:
        return found[0], None
    said = f"{len(found)} {what} in one value"
    if several == "reject":
        raise Unfit(f"{said}; expected one, or say which with several: first or several: last")
    return found[0 if several == "first" else -1], f"{said}; the {several} is taken"
