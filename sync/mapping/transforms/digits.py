"""Nothing but the digits of a value."""

from __future__ import annotations

from sync.mapping.narrowing import narrow_number
from sync.mapping.text import Unfit, shape
from sync.mapping.transforms._options import Count


def digits(value: str, *, min: Count | None = None, max: Count | None = None) -> str | None:
    """The digits of a value, as of an order number; zeros in front stay.

    Args:
        value: any text.
        min: how many there must be at least.
        max: how many there may be at most.

    Returns:
        The digits as 0 to 9, in whichever script they were; None when there are none.

    Raises:
        ValueError: when there are too few or too many.

    Examples:
        >>> digits("Order #0012-34")
        '001234'
        >>> digits("ZIP 23220", min=5, max=5)
        '23220'
        >>> digits("no number") is None
        True
        >>> digits("1234", min=5)
        Traceback (most recent call last):
        ValueError: 4 digits: expected at least 5 digits

    """
    found = "".join(char for char in narrow_number(value) if "0" <= char <= "9")
    if not found:
        return None
    if min is not None and len(found) < min:
        raise Unfit(f"{shape(found)}: expected at least {min} digits")
    if max is not None and len(found) > max:
        raise Unfit(f"{shape(found)}: expected at most {max} digits")
    return found
