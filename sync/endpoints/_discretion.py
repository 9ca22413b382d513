"""Keeps what a lead says, and keys, out of texts that a server sent.

A server may repeat a value whole, in other letters, without its accents, word by word, cut short, or
escaped. So a text is taken apart into words, and every word that the lead says too is replaced by the
name of its field, as in ``[lastName] is not a name``. Anything that looks like an e-mail address or a
phone number goes whoever it belongs to. A word too much is taken out rather than one too little.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from sync.endpoints._json import load
from sync.lead import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: What is left of a text in a message.
MOST_CHARACTERS = 300
#: What is looked at of it.
_MOST_READ = 4000
_WORD = re.compile(r"[^\W_]+")
_CUT_WORD = re.compile(r"[^\W_]+(?=\.\.\.|…)")
_EMAIL = re.compile(r"[^\s<>()\[\]\"',;:]+@[^\s<>()\[\]\"',;:]+")
_NUMBER = re.compile(r"\+?\d(?:[\s().+/-]{0,3}\d){6,}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_FEWEST_DIGITS = 4
_SHORTEST_KEY = 4
#: Fields that name a person: none of their words is spared.
_PERSONAL = frozenset({"firstName", "lastName", "phoneNumber", "email", "id", "contactID"})
#: Words of error messages, spared where another field happens to say them as well.
_SPARED = frozenset(
    """a an and are as at be but by can cannot contact could custom data date details do does duplicate email
    empty error errors exist exists expected external failed field fields for format found from got has have
    in invalid is it json key lead length limit long malformed match may missing must name names no not null
    number object of on one only or phone please property rate request required rejected short source
    status string such than that the there this time timestamp to too type unable unknown unsupported valid
    validation value values was were with wrong you your""".split()
) | {name.lower() for name in FIELDS}


class Discretion:
    """Cleans texts of what one body and the headers say.

    Args:
        body: the JSON that was sent.
        secrets: header values: keys, with or without a word like Bearer in front.

    """

    def __init__(self, body: bytes, secrets: Iterable[str] = ()) -> None:
        self._secrets = sorted(set(_keys(secrets)), key=len, reverse=True)
        self._wholes: dict[str, str] = {}
        self._words: dict[str, str] = {}
        for name, value in _values(load(body)):
            self._learn(name, value)

    def clean(self, text: str) -> str:
        """Return a text in one line, without anything to keep quiet about, cut to a readable length."""
        text = _plain(text[:_MOST_READ])
        for secret in self._secrets:
            text = text.replace(secret, "[key]")
        text = _NUMBER.sub("[number]", _EMAIL.sub("[e-mail]", text))
        text = _CUT_WORD.sub("", text)
        if self._wholes:
            text = re.sub("|".join(map(re.escape, self._wholes)), self._named, text, flags=re.IGNORECASE)
        text = _WORD.sub(self._word, text)
        text = re.sub(r"(\[\w[\w -]*\])(?:[\W_]{0,3}\1)+", r"\1", text)
        return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1].rstrip() + "…"

    def _learn(self, name: str, value: str) -> None:
        value = _plain(value)
        label = f"[{name}]" if name in FIELDS else "[…]"
        whole = _folded(value)
        words = {_folded(word[0]) for word in _WORD.finditer(value)}
        for word in words:
            if word == whole or _tells(word):
                if name in _PERSONAL or word not in _SPARED:
                    self._words.setdefault(word, label)
        if not value.isascii() and len(value) > 1:
            self._wholes.setdefault(value.lower(), label)
