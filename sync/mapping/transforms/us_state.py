"""States and territories of the United States."""

from __future__ import annotations

import re
from typing import Literal

from sync.mapping.narrowing import narrow
from sync.mapping.states import BY_WORD, NAMES
from sync.mapping.text import Unfit, shape

_BETWEEN = re.compile(r"[\s.,-]+")


def us_state(value: str, *, to: Literal["code", "name"] = "code") -> str:
    """A state or territory of the United States by its postal code or its name.

    Args:
        value: a code, a name or a usual abbreviation, as VA, Virginia, Va. or US-VA.
        to: code (VA) or name (Virginia).

    Returns:
        The code or the name.

    Raises:
        ValueError: when there is no such state.

    Examples:
        >>> us_state("Calif."), us_state("new york"), us_state("US-TX")
        ('CA', 'NY', 'TX')
        >>> us_state("W. Va.", to="name"), us_state("Washington, D.C.", to="name")
        ('West Virginia', 'District of Columbia')
        >>> us_state("Ontario")
        Traceback (most recent call last):
        ValueError: text of 7 characters: not a state of the United States; expected one as VA or Virginia

    """
    word = _BETWEEN.sub("", narrow(value).casefold().removeprefix("us-").removeprefix("state of "))
    code = BY_WORD.get(word)
    if code is None:
        raise Unfit(f"{shape(value)}: not a state of the United States; expected one as VA or Virginia")
    return code if to == "code" else NAMES[code]
