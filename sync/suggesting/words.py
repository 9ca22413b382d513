"""The words of a column's name, in one spelling: `leadStatus` is the same as `LEAD STATUS`."""

from __future__ import annotations

import re
import unicodedata

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"\d+|[^\W\d_]+")
#: Written with a hyphen, or as a sign, what is one word to everybody.
_SPELLED = ((re.compile(r"\be[-\s](mail|post)"), r"e\1"), (re.compile(r"#"), " number "))
#: What is cut short in the columns of databases.
_SHORT = {
    "dt": "date",
    "dte": "date",
    "tm": "time",
    "ts": "timestamp",
    "tstamp": "timestamp",
    "upd": "updated",
    "crt": "created",
    "mod": "modified",
    "chg": "changed",
    "ph": "phone",
    "phn": "phone",
    "nm": "name",
    "addr": "address",
    "nbr": "number",
    "cust": "customer",
    "stat": "status",
    "sts": "status",
}
_LIGATURES = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "ł": "l", "đ": "d"})


def folded(text: str) -> str:
    """Return a text without capitals and accents: Änderung is anderung."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name, folded; digits are words of their own."""
    text = folded(_CAMEL.sub(" ", name))
    for pattern, spelled in _SPELLED:
        text = pattern.sub(spelled, text)
    return tuple(_SHORT.get(word, word) for word in _WORD.findall(text))
