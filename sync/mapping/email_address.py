"""E-mail addresses: trimmed, the domain in lower case, refused when mail could never reach them.

A value with two addresses holds the first or the last of them, as `several` says. What can't report that
there were two takes neither of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from sync.mapping.look_alikes import look_alike
from sync.mapping.narrowing import narrow
from sync.mapping.several import Noted, Several, chosen, distinct, read_all
from sync.mapping.text import Unfit, clean, is_nan, shape

NotingNormaliser = Callable[[Any], str | Noted | None]

#: Addresses for which the library's answer is known without asking: it would return them with the
#: domain in lower case. Everything else, also what looks wrong, goes to the library.
_PLAIN = re.compile(
    r"([A-Za-z0-9_+'-]+(?:\.[A-Za-z0-9_+'-]+)*)@"
    r"((?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+([A-Za-z]{2,24}))",
    re.ASCII,
)
#: Reserved by RFC 6761 and refused by the library.
_RESERVED = frozenset({"arpa", "invalid", "local", "localhost", "onion", "test"})
_LONGEST_LOCAL, _LONGEST_DOMAIN = 64, 63
_WRAPPING = re.compile(r"^(?:mailto:|e-?mail:)\s*|[\s;,]+$", re.IGNORECASE)
#: Mail programs write Lovelace, Ada <ada@example.com> without the quotation marks that a comma needs.
_NAMED = re.compile(r"[^<>@]*<\s*(?:mailto:)?([^<>]*)>", re.IGNORECASE)
#: A cell of prose isn't worth the time that it takes.
_LONGEST_OF_SEVERAL = 1000
#: Every part has to be an address: of "ada lovelace@example.com" nobody knows which is.
_WORD = re.compile(r"\w")
#: What parts one address from the next, the surest first. A slash or an ampersand may be part of one.
_BETWEEN = (
    re.compile(r"[;|\r\n\t]+"),
    re.compile(r"(?<=>),?"),
    re.compile(r","),
    re.compile(r"\s(?:or|and|oder|und|/|&)\s", re.IGNORECASE),
    re.compile(r"\s+"),
    re.compile(r"/|&"),
)


def normalise_email(value: Any) -> str | None:
    """Return the address that a value holds, None when there is none.

    "Ada <ada@example.com>" and "mailto:ada@example.com" are taken for the address in them.

    Raises:
        Unfit: when there is something that is not one e-mail address.

    """
    found = _noted(value, "reject")
    return found.text if isinstance(found, Noted) else found


def email_normaliser(*, several: Several) -> NotingNormaliser:
    """Return a function from any value to an e-mail address, None when there is none.

    Args:
        several: which of two addresses in one value is meant.

    The function returns `Noted` for an address that there is a warning about, and raises `Unfit` when
    there is something that is no e-mail address.

    """
    return partial(_noted, several=several)


def _noted(value: Any, several: Several) -> str | Noted | None:
    if isinstance(value, str):
        text = clean(value)
        return (_plain(text) or _chosen(text, several)) if text else None
    if value is None or is_nan(value) or (isinstance(value, (list, tuple, dict)) and not value):
        return None
    raise Unfit(f"{shape(value)}: not an e-mail address")


def _plain(text: str) -> str | None:
    match = _PLAIN.fullmatch(text)
    if not match:
        return None
    local, domain, top = match.groups()
    if len(local) > _LONGEST_LOCAL or len(domain) > _LONGEST_DOMAIN or top.lower() in _RESERVED:
        return None
    if local != local.lower():
        return None  # the library writes some names, as in Info@, in lower case
    return f"{local}@{domain.lower()}"


def _chosen(text: str, several: Several) -> str | Noted:
    if len(text) > _LONGEST_OF_SEVERAL:
        raise Unfit(f"{shape(text)}: not an e-mail address; it is too long")
    addresses = _all_in(text)
    if not addresses:
        raise Unfit(f"{shape(text)}: not an e-mail address; {_validated(text)[1]}")
    address, warning = chosen(addresses, several, "e-mail addresses")
    return address if warning is None else Noted(address, warning)


@lru_cache(maxsize=8192)
def _all_in(text: str) -> tuple[str, ...]:
    """Return the addresses in a text, each once."""
    separators = _BETWEEN if text.count("@") > 1 else ()
    return distinct(read_all(text, _address, separators, _WORD), str.lower)


def _address(text: str) -> str | None:
    return _validated(text)[0]


@lru_cache(maxsize=8192)
def _validated(text: str) -> tuple[str | None, str]:
    """Return the address, or None and what is wrong with it. About 20 microseconds, hence the cache."""
    from email_validator import EmailNotValidError, validate_email

    text = _unwrapped(text)
    if wrong := look_alike(text):
        return None, wrong
    try:
        found = validate_email(text, check_deliverability=False, allow_display_name=True, strict=True)
    except EmailNotValidError as error:
        # What follows a colon or a bracket in its messages are characters of the address.
        return None, re.split(r"[:(]|'|\"", str(error))[0].strip().rstrip(".").lower()
    # Every mail program takes the ASCII form of an international domain.
    return found.ascii_email or found.normalized, ""


def _unwrapped(text: str) -> str:
    text = _WRAPPING.sub("", narrow(text).strip())
    named = _NAMED.fullmatch(text)
    return named[1].strip() if named else text
