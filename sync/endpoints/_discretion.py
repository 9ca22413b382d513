"""Keeps what a lead says, and keys, out of texts that a server sent.

A server may repeat a value whole, in other letters, without its accents, word by word, cut short, or
escaped. So a text is taken apart into words, and every word that the lead says too is replaced by the
name of its field, as in ``[lastName] is not a name``. Anything that looks like an e-mail address or a
phone number goes whoever it belongs to. A word too much is taken out rather than one too little.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.endpoints._json import load
from sync.endpoints._lead_json import V1_NAMES
from sync.endpoints._plain_text import folded, plain
from sync.endpoints._telling import keys_in, runs_on, tells, values_in, variants
from sync.lead import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What is left of a text in a message.
MOST_CHARACTERS = 300
#: What is looked at of it.
_MOST_READ = 4000
_WORD = re.compile(r"[^\W_]+")
_EMAIL = re.compile(r"(?<![^\s<>()\[\]\"',;:@])[^\s<>()\[\]\"',;:@]+@[^\s<>()\[\]\"',;:]+")
_NUMBER = re.compile(r"\+?\d(?:[\s().+/-]{0,3}\d){6,}")
#: Words and numbers that somebody cut off, at their end or at their beginning.
_CUT = re.compile(
    r"(?:\+?\d[\d\s().+/-]{0,20}|[^\W_]+)(?:\.\.\.|…)"
    r"|(?:\.\.\.|…)[^\W_]+"
)
#: From this length on a word of a person is found inside of another word, and a part of it as well.
_SHORTEST_PART = 4
_NAMES = {*FIELDS, *V1_NAMES.values()}
#: Fields that name a person: none of their words is spared.
_PERSONAL = frozenset({"firstName", "lastName", "phoneNumber", "email"}) | {
    name for field in ("id", "contactID") for name in (field, V1_NAMES[field])
}
#: Words of error messages, spared where another field happens to say them as well.
_SPARED = frozenset(
    """a an and are as at be but by can cannot contact could custom data date detail details do does duplicate
    email empty error errors exist exists expected external failed field fields for format found from got has
    have in invalid is it json key lead length limit long malformed match may missing must name names no not
    null number object of on one only or phone please property rate request required rejected short source
    status string such than that the there this time timestamp to too type unable unknown unsupported valid
    validation value values was were with wrong you your""".split()  # noqa: SIM905 - 90 quotes are harder to read
) | {name.lower() for name in _NAMES}
#: Labels stand in a text as one character each that no server's text has, until it is done.
_FIRST_LABEL = 0xE000
_LABEL = re.compile(r"[\ue000-\uf8ff]")
_SAME_LABEL = re.compile(r"([\ue000-\uf8ff])(?:[^\w\ue000-\uf8ff]{0,3}\1)+")


class Discretion:
    """Cleans texts of what one body and the headers say.

    Args:
        body: the JSON that was sent; empty for nothing.
        secrets: header values and the like: keys, with or without a word like Bearer in front.

    """

    def __init__(self, body: bytes, secrets: Iterable[str] = ()) -> None:
        self._labels: list[str] = []
        #: Words that are replaced wherever they stand alone, folded.
        self._words: dict[str, str] = {}
        #: Of these, those of persons, which are looked for inside of other words too.
        self._personal: dict[str, str] = {}
        #: What is replaced wherever it stands: keys, and values in scripts that don't part their words.
        self._anywhere: dict[str, str] = {}
        #: Values of several words, replaced as a whole: L-7 has no word that says something by itself.
        self._phrases: dict[str, str] = {}
        for key in keys_in(secrets):
            self._anywhere.setdefault(plain(key).lower(), self._mark("[key]"))
        values = ((name, plain(value)) for name, value in values_in(load(body)))
        for name, value in sorted(values, key=lambda each: each[0] not in _PERSONAL):
            self._learn(name, value.rpartition(".")[0] if name == "email" else value)  # .com is nobody's
        self._wholes = {**self._phrases, **self._anywhere}
        self._whole_anywhere = re.compile(_one_of(self._anywhere), re.IGNORECASE)
        self._whole_alone = re.compile(rf"(?<!\w)(?:{_one_of(self._phrases)})(?!\w)", re.IGNORECASE)

    def clean(self, text: str) -> str:
        """Return a text in one line, without anything to keep quiet about, cut to a readable length."""
        text = plain(text[:_MOST_READ] + ("…" if len(text) > _MOST_READ else ""))
        for wholes in (self._whole_anywhere, self._whole_alone):
            text = wholes.sub(self._of_whole, text)
        text = _EMAIL.sub(self._mark("[e-mail]"), text)
        text = _NUMBER.sub(self._mark("[number]"), text)
        text = _WORD.sub(self._of_word, _CUT.sub("…", text))
        text = _LABEL.sub(self._of_label, _SAME_LABEL.sub(r"\1", text))
        return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1].rstrip() + "…"

    def _learn(self, name: str, value: str) -> None:
        label = self._mark(f"[{name}]" if name in _NAMES else "[…]")
        words = _WORD.findall(value)
        if len(words) > 1:
            self._phrases.setdefault(value.lower(), label)
        for word in filter(runs_on, (value, *words)):
            self._anywhere.setdefault(word.lower(), label)
        for variant in variants(value):
            whole = folded(variant)
            for word in map(folded, _WORD.findall(variant)):
                if word == whole or tells(word):
                    self._learn_word(name, word, label)

    def _learn_word(self, name: str, word: str, label: str) -> None:
        if name in _PERSONAL:
            self._words.setdefault(word, label)
            if len(word) >= _SHORTEST_PART:
                self._personal.setdefault(word, label)
        elif word not in _SPARED:
            self._words.setdefault(word, label)

    def _mark(self, label: str) -> str:
        """Return the one character that stands for a label."""
        if label not in self._labels:
            self._labels.append(label)
        return chr(_FIRST_LABEL + self._labels.index(label))

    def _of_whole(self, found: re.Match[str]) -> str:
        return self._wholes.get(found[0].lower()) or self._mark("[…]")

    def _of_word(self, found: re.Match[str]) -> str:
        word = folded(found[0])
        return self._words.get(word) or self._of_part(word) or found[0]

    def _of_part(self, word: str) -> str | None:
        """Return the mark of a person's word that this one is a part of, or that is a part of it."""
        if len(word) < _SHORTEST_PART or word in _SPARED:
            return None
        kin = (mark for known, mark in self._personal.items() if known in word or word in known)
        return next(kin, None)

    def _of_label(self, found: re.Match[str]) -> str:
        return self._labels[ord(found[0]) - _FIRST_LABEL]


def _one_of(texts: Iterable[str]) -> str:
    """Return the pattern of these texts, the longest first; of nothing, if there are none."""
    return "|".join(map(re.escape, sorted(filter(None, texts), key=len, reverse=True))) or r"(?!)"
