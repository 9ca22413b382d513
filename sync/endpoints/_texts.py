"""Setting values that are copied from somewhere: names and secrets, with the usual accidents of copying."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, SecretStr, WithJsonSchema

#: What may stand in the name of a header, by RFC 9110 section 5.6.2.
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def _text(value: Any) -> Any:
    """Take a whole number for the text that was meant, as in ``department_id: 12345678``."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def _name(value: str) -> str:
    """Strip a name and refuse one that is empty or holds what nobody typed."""
    value = value.strip()
    if not value:
        raise ValueError("is empty")
    for place, character in enumerate(value, 1):
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
            kind = "a line break" if character in "\r\n" else "an invisible character"
            raise ValueError(f"holds {kind} (character {place}): was it copied with one?")
    return value


def _department_id(value: str) -> str:
    """Refuse what is more than the id, and what a path would take for a step up."""
    if "://" in value or value.endswith("/newlead"):
        raise ValueError("is a URL; write only the part of it between /webhooks/ and /newlead")
    if value in {".", ".."}:
        raise ValueError("is not an id")
    return value


def header_value(value: str) -> str:
    """Strip what is to be sent in a header and refuse what a header can't carry.

    Raises:
        ValueError: says what is wrong and where, never the value.

    """
    value = value.strip()
    if not value:
        raise ValueError("is empty")
    if "\r" in value or "\n" in value:
        raise ValueError("contains a line break: was it copied with one?")
    for place, character in enumerate(value, 1):
        if not (" " <= character <= "~" or character == "\t"):
            raise ValueError(
                f"holds a character that a header can't carry (character {place} of {len(value)}): "
                "was it copied from a formatted text?"
            )
    return value


def header_name(value: str) -> str:
    """Refuse what can't be the name of a header.

    Raises:
        ValueError: says which.

    """
    value = value.strip()
    if not _TOKEN.fullmatch(value):
        raise ValueError(f"{value!r} is not a header name: letters, digits and hyphens, as in X-API-KEY")
    return value


def _secret_header_value(value: SecretStr) -> SecretStr:
    return SecretStr(header_value(value.get_secret_value()))


def _api_key(value: SecretStr) -> SecretStr:
    text = header_value(value.get_secret_value())
    if " " in text or "\t" in text:
        hint = "; leave the word Bearer out" if text.lower().startswith("bearer") else ""
        raise ValueError(f"holds white space, which no key does{hint}")
    return SecretStr(text)


#: A non-empty text without line breaks; a whole number is taken as text.
Name = Annotated[
    str,
    BeforeValidator(_text),
    AfterValidator(_name),
    WithJsonSchema({"type": ["string", "integer"], "minLength": 1}),
]
#: An opaque id that becomes one part of a URL's path.
DepartmentId = Annotated[Name, AfterValidator(_department_id)]
#: A secret that goes into a header whole.
SecretHeader = Annotated[SecretStr, BeforeValidator(_text), AfterValidator(_secret_header_value)]
#: A key: one word.
ApiKey = Annotated[SecretStr, BeforeValidator(_text), AfterValidator(_api_key)]
