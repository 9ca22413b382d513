"""E-mail addresses: trimmed, the domain in lower case, refused when mail could never reach them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from sync.mapping.text import Unfit, clean, is_nan, shape

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
_WRAPPING = re.compile(r"^mailto:\s*|[\s;,]+$", re.IGNORECASE)


def normalise_email(value: Any) -> str | None:
    """Return the address that a value holds, None when there is none.

    "Ada <ada@example.com>" and "mailto:ada@example.com" are taken for the address in them.

    Raises:
        Unfit: when there is something that is not one e-mail address.

    """
    if isinstance(value, str):
        text = clean(value)
        return (_plain(text) or _checked(text)) if text else None
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


def _checked(text: str) -> str:
    address, complaint = _validated(text)
    if address is None:
        raise Unfit(f"{shape(text)}: not an e-mail address; {complaint}")
    return address


@lru_cache(maxsize=8192)
def _validated(text: str) -> tuple[str | None, str]:
    """Return the address, or None and what is wrong with it. About 20 microseconds, hence the cache."""
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(
            _WRAPPING.sub("", text), check_deliverability=False, allow_display_name=True, strict=True
        )
    except EmailNotValidError as error:
        # What follows a colon or a bracket in its messages are characters of the address.
        return None, re.split(r"[:(]|'|\"", str(error))[0].strip().rstrip(".").lower()
    # Every mail program takes the ASCII form of an international domain.
    return found.ascii_email or found.normalized, ""
