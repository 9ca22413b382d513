"""E-mail addresses."""

from __future__ import annotations

from sync.mapping.email_address import email_normaliser
from sync.mapping.several import Noted, Several


def email(value: str, *, several: Several = "reject") -> str | None:
    r"""The e-mail address in a value: trimmed, its domain in lower case.

    Args:
        value: an address, also as "Ada Lovelace <ada@example.com>" or "mailto:ada@example.com".
        several: what happens when there are two: take the first or the last, or reject the value.

    Returns:
        The address.

    Raises:
        ValueError: when there is no address that mail could reach, or a letter that only looks Latin.

    Examples:
        >>> email("Lovelace, Ada <Ada@EXAMPLE.com>")
        'Ada@example.com'
        >>> email("ada@example.com; office@example.com", several="last")
        'office@example.com'
        >>> email("ada at example.com")
        Traceback (most recent call last):
        ValueError: text of 18 characters: not an e-mail address; an email address must have an @-sign
        >>> email("\u0430da@example.com")
        Traceback (most recent call last):
        ValueError: ...; its character 1 is a Cyrillic letter among Latin ones

    """
    found = email_normaliser(several=several)(value)
    return found.text if isinstance(found, Noted) else found
