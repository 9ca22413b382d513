"""What may be repeated of a failed answer: codes, and text with everything personal taken out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sources._http.call import Answer

#: Where APIs put the machine-readable name of an error.
_CODES = {
    "code",
    "errorcode",
    "error_code",
    "error",
    "errors",
    "error_type",
    "category",
    "reason",
    "policyname",
}
#: Where they put the sentence.
_SENTENCES = ("message", "error_description", "error_message", "detail", "description", "title", "error")
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z_.\-]*[A-Za-z0-9_.\-]{0,8}")
_PERSONAL = re.compile(r"\S+@\S+|\+?\d[\d ().\-]{5,}\d|[A-Za-z0-9+/_\-]{24,}")
_LIMIT_WORDS = re.compile(
    r"rate.?limit|too.?many|throttl|request.?limit|quota|limit.?(?:exceed|reach)", re.IGNORECASE
)
_MOST_CODES = 3
_MOST_DEPTH = 4
_MOST_TEXT = 160
#: How much of a body is looked at for words of rate limiting.
_HEAD = 4096


def error_codes(data: Any) -> list[str]:
    """Return the names an API gives its error, as in ``["INVALID_FIELD"]``; never free text."""
    found: dict[str, None] = {}
    for value in _values(data, _CODES, 0):
        text = str(value)
        if isinstance(value, (str, int)) and len(text) <= 60 and (_is_code(value, text)):  # noqa: PLR2004
            found[text] = None
    return list(found)[:_MOST_CODES]


def _is_code(value: str | int, text: str) -> bool:
    if isinstance(value, bool):
        return False
    return len(text) <= 6 if isinstance(value, int) else bool(_IDENTIFIER.fullmatch(text))  # noqa: PLR2004


def _values(data: Any, names: Collection[str], depth: int) -> Iterator[Any]:
    if depth > _MOST_DEPTH:
        return
    if isinstance(data, list):
        for item in data[:3]:
            yield from _values(item, names, depth + 1)
    elif isinstance(data, dict):
        for name, value in data.items():
            if name.lower() in names and not isinstance(value, (dict, list)):
                yield value
            yield from _values(value, names, depth + 1)


def sentence(data: Any, secrets: Collection[str]) -> str:
    """Return what an API says is wrong with our request, at most a line, without secrets or people.

    Only for refusals of a request that holds nobody's data.
    """
    for name in _SENTENCES:
        for value in _values(data, {name}, 0):
            if isinstance(value, str) and " " in value.strip():
                return scrub(value, secrets)
    return ""


def scrub(text: str, secrets: Collection[str]) -> str:
    """Return one line of text with secrets, addresses, numbers and token-like words taken out."""
    for secret in sorted((secret for secret in secrets if secret), key=len, reverse=True):
        text = text.replace(secret, "…")
    line = _PERSONAL.sub("…", " ".join(text.split()))
    return line if len(line) <= _MOST_TEXT else line[: _MOST_TEXT - 1] + "…"


def said(answer: Answer) -> str:
    """Return ``answered 403 (REQUEST_LIMIT_EXCEEDED)``."""
    codes = ", ".join(error_codes(answer.data))
    return f"{answer.where} answered {answer.status}" + (f" ({codes})" if codes else "")


def sounds_rate_limited(body: bytes) -> bool:
    """Tell whether an answer's text speaks of a rate limit, whatever its status."""
    return bool(_LIMIT_WORDS.search(body[:_HEAD].decode("utf-8", "replace")))
