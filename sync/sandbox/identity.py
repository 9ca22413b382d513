"""What makes two phones or two e-mails the same one."""

from __future__ import annotations

import re

_NOT_DIGITS = re.compile(r"[^0-9]+")
_NATIONAL, _WITH_COUNTRY = 10, 11


def us_phone(text: str) -> str | None:
    """Return ``+1…`` as Hatch's own phone library reads a US number, None when it would not.

    Source: github hatchify/phonevalidator. Ten digits that do not begin with 1 get the country's 1;
    eleven are taken as they are.
    """
    digits = _NOT_DIGITS.sub("", text)
    if len(digits) == _NATIONAL and digits[0] != "1":
        return "+1" + digits
    return "+" + digits if len(digits) == _WITH_COUNTRY else None


def phone_key(text: str | None) -> str:
    """Return what phones are compared by; empty for none. A number that is no US number stands for itself."""
    text = (text or "").strip()
    return us_phone(text) or text


def email_key(text: str | None) -> str:
    """Return what e-mails are compared by: without surrounding space, in small letters; empty for none."""
    return (text or "").strip().lower()
