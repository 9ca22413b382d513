"""What a value is, by the property it feeds, by its column's name and by its look."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.mapping.email_address import normalise_email
from sync.mapping.text import Unfit

if TYPE_CHECKING:
    from collections.abc import Iterable

EMAIL, PHONE, NAME, TIME, BIRTH, PROSE, PLAIN = "email", "phone", "name", "time", "birth", "prose", "plain"

#: Kinds by the standard property that a value feeds.
_BY_PROPERTY = {
    "email": EMAIL,
    "phoneNumber": PHONE,
    "firstName": NAME,
    "lastName": NAME,
    "createdAt": TIME,
    "updatedAt": TIME,
}
#: Kinds by words in the names of columns and custom properties; the first that fits.
_BY_WORD = {
    BIRTH: r"birth|dob|geburt|anniversary",
    EMAIL: r"e-?mail",
    PHONE: r"phone|\b(?:mobile|cell|tel|handy|fax|sms|whatsapp|telefon)\b",
    PROSE: r"street|addr|stra(?:ss|ß)e|zip|post(?:al|code|leit)|plz|note|comment|message|memo|description",
    NAME: (
        r"name(?!d)|first|last|surname|contact|owner|agent|manager|customer|client|person|spouse|partner|"
        r"\bby\b|assigned|\brep\b|user|company|inhaber|kunde"
    ),
}
_BY_PATTERN = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _BY_WORD.items()}
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|[_\W]+")
#: Last words of names whose columns hold no names: customer_id, phone_type, last_contact_on.
_TECHNICAL = frozenset(
    (
        "id",
        "ids",
        "key",
        "no",
        "nr",
        "code",
        "uuid",
        "guid",
        "count",
        "at",
        "on",
        "date",
        "time",
        "type",
        "status",
    )
)

ADDRESS = r"[^\s<>,;:\"'()\[\]]+@[^\s<>,;:\"'()\[\]]+"
NUMBER = r"(?<![\w+])\+?\(?\d(?:[ \t().\-\u00a0]{0,3}\d){6,17}"
_NUMBER, _ADDRESS = re.compile(NUMBER), re.compile(ADDRESS)
_DATE = re.compile(
    r"(?:\d{4}-\d\d-\d\d|\d{4}/\d\d?/\d\d?|\d{1,2}([./-])\d{1,2}\1\d{2,4})"
    r"(?:[T ,]+\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?)?\s*(?:Z|[AaPp]\.?[Mm]\.?|[+-]\d\d:?\d\d)?"
)
_MONTHS = re.compile(
    r"[\d\s:.,/+\-]|jan\w*|feb\w*|mar\w*|apr\w*|ma[iy]|jun[ei]?|jul[iy]?|aug\w*|sep\w*|o[ck]t\w*|nov\w*|de[cz]\w*|am|pm|gmt|"
    r"utc|mon|tue|wed|thu|fri|sat|sun|[tz]",
    re.IGNORECASE,
)
#: A code, a figure, one plain word: what nobody is known by.
_CODE = re.compile(r"[A-Za-z]{0,4}[-_#]?\d{1,6}|-?\d{1,6}(?:[.,]\d{1,4})?|[A-Z]{1,3}|[a-z_]{1,24}", re.ASCII)
#: Text for a person to read has as many letters, or as many words.
_LONG, _MANY_WORDS = 40, 4
_MANY_DIGITS = 7


def kind_of(properties: Iterable[str], column: str) -> str:
    """Return what a value is by what it feeds and by its column's name: a kind, `PLAIN` for no saying."""
    found = [_BY_PROPERTY[name] for name in properties if name in _BY_PROPERTY]
    if found:
        return found[0]
    words = _words(column)
    if words.rpartition(" ")[2].casefold() in _TECHNICAL:
        return BIRTH if _BY_PATTERN[BIRTH].search(words) else PLAIN
    kinds = (_kind_by_name(name) for name in (words, *map(_words, properties)))
    return next((kind for kind in kinds if kind != PLAIN), PLAIN)


def _words(name: str) -> str:
    return " ".join(_WORDS.split(name)).strip()


def _kind_by_name(words: str) -> str:
    return next((kind for kind, pattern in _BY_PATTERN.items() if pattern.search(words)), PLAIN)


def is_address(text: str) -> bool:
    """Tell whether a text is an e-mail address that a lead can have."""
    try:
        return normalise_email(text) is not None
    except Unfit:
        return False


def is_time(text: str, *, meant: bool) -> bool:
    """Tell whether a text is a date or a time; one that is meant to be may be in words, or a number."""
    text = text.strip()
    return bool(_DATE.fullmatch(text)) or (meant and not _MONTHS.sub("", text))


def is_code(text: str) -> bool:
    """Tell whether a text is a code, a figure or one plain word."""
    return bool(_CODE.fullmatch(text.strip()))


def is_personal(text: str) -> bool:
    """Tell whether a text holds an address or a number to call, or is written for a person to read."""
    many = sum(map(str.isdigit, text)) >= _MANY_DIGITS and not is_time(text, meant=False)
    prose = len(text) > _LONG or len(text.split()) >= _MANY_WORDS
    return bool(_ADDRESS.search(text) or many or prose)
