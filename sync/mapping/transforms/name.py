"""Names of people: their parts, and capitals where there were none."""

from __future__ import annotations

from typing import Literal

from sync.mapping.capitals import with_capitals
from sync.mapping.person_names import person_name
from sync.mapping.text import Unfit, clean, shape

#: What is longer is prose.
_LONGEST = 300


def name(
    value: str,
    *,
    case: Literal["keep", "title"] = "keep",
    part: Literal["whole", "first", "middle", "last"] = "whole",
    order: Literal["auto", "last_first", "first_last"] = "auto",
) -> str | None:
    """A person's name, whole or a part of it; "Last, First" is turned round.

    Args:
        value: a name; O'Brien, McDonald, emoji and every script stay as they are.
        case: keep, or title: capitals where a name is written in capitals only, or without any.
        part: whole, first, middle, or last (the surname with its van der in front and its Jr. behind).
            Titles and degrees are in the whole only.
        order: auto (a surname in front has a comma behind it), last_first or first_last.

    Returns:
        The name, None when it has no such part: a single name is a first name, after a title a last name.

    Raises:
        ValueError: when it is longer than any name.

    Examples:
        >>> name("Lovelace, Ada")
        'Ada Lovelace'
        >>> name("Dr. Ada King Lovelace Jr.", part="first"), name("Dr. Ada King Lovelace Jr.", part="last")
        ('Ada', 'Lovelace Jr.')
        >>> name("Ludwig van der Berg", part="last"), name("Mrs. O'Brien", part="last")
        ('van der Berg', "O'Brien")
        >>> name("JOHN MCDONALD-O'BRIEN", case="title"), name("Ada LOVELACE", case="title")
        ("John McDonald-O'Brien", 'Ada LOVELACE')
        >>> name("John & Jane Smith", part="first"), name("Yamada Taro", part="first", order="last_first")
        ('John & Jane', 'Taro')
        >>> name("Cher", part="last") is None
        True

    """
    text = " ".join(clean(value).split())
    if not text:
        return None
    if len(text) > _LONGEST:
        raise Unfit(f"{shape(text)}: too long for a name; expected {_LONGEST} characters at most")
    if case == "title":
        text = with_capitals(text)
    return getattr(person_name(text, order), part) or None
