"""What an answer says, as text for people, out of the shapes that servers wrap it in.

Hatch's newer API sends ``{"errors": [{"title", "source": {"pointer"}, "detail"}]}`` (its OpenAPI
document); Hatch's public Go framework sends ``{"errors": ["text"]}``. Others say error, message, detail.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from sync.endpoints._json import load

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?><!--.*?-->\s*)*+<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
#: Where the text stands, best first.
_NAMES = (
    "detail",
    "message",
    "error_description",
    "description",
    "reason",
    "title",
    "error",
    "errors",
    "code",
)
_MOST_ERRORS = 5
#: What is looked at of a text that is no JSON.
_MOST_BYTES = 4096
_DEEPEST = 6


def is_page(body: bytes) -> bool:
    """Tell whether an answer is a whole HTML document."""
    return _PAGE.match(body[:2048]) is not None


def error_text(body: bytes) -> str:
    """Return the text of an answer, in the server's words; it may repeat what was sent."""
    if not body.strip():
        return ""
    if is_page(body):
        title = _TITLE.search(_decoded(body[:_MOST_BYTES]))
        return f"HTML page titled {title[1].strip()}" if title and title[1].strip() else "an HTML page"
    found = load(body)
    if isinstance(found, dict | list | str):
        return "; ".join(islice(_said(found), _MOST_ERRORS))
    return _decoded(body[:_MOST_BYTES])


def _decoded(body: bytes) -> str:
    """Return bytes as text; what is not UTF-8 is Latin-1, so that no character is lost to compare with."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _said(value: Any, deep: int = 0) -> Iterator[str]:
    """Yield the texts in a value, each with the place it is about."""
    if isinstance(value, str):
        if value.strip():
            yield value.strip()
    elif deep > _DEEPEST:
        return
    elif isinstance(value, list):
        for item in value:
            yield from _said(item, deep + 1)
    elif isinstance(value, dict):
        yield from _of_object(value, deep)


def _of_object(value: dict[str, Any], deep: int) -> Iterator[str]:
    inner = value.get("errors") or next((value[name] for name in _NAMES if value.get(name)), None)
    if inner is None:  # {"email": ["is invalid"]}
        for name, item in value.items():
            yield from (f"{name}: {text}" for text in _said(item, deep + 1))
        return
    place = _place(value)
    for text in _said(inner, deep + 1):
        yield f"{place}: {text}" if place else text


def _place(value: dict[str, Any]) -> str:
    source = value.get("source")
    pointer = source.get("pointer") if isinstance(source, dict) else None
    place = pointer or value.get("pointer") or value.get("field") or value.get("path") or ""
    return place if isinstance(place, str) else ""
