"""Recognising a snapshot that has not changed, for APIs that answer with one page.

The position's token holds the server's ETag or Last-Modified, and a digest of the items for servers
that give neither. It is bound to the request, so other settings read everything again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from sources._http.jsontext import stable_bytes
from sources.position import Position

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sources.http import Answer, Call

#: A file that was modified less than this before the answer can change again within the same second
#: and keep its Last-Modified (RFC 9110 section 8.8.2.2).
_SETTLED = timedelta(seconds=60)


def _digest(value: Any) -> str:
    return hashlib.blake2b(stable_bytes(value), digest_size=16).hexdigest()


def basis_of(call: Call, *settings: Any) -> str:
    """Return what a token is bound to: the request, and the settings that say how to read its answer."""
    return _digest([call.digest().hex(), *settings])


def _token(position: Position | None, basis: str) -> Mapping[str, str]:
    """Return what a position remembers, if it was made on this very basis."""
    try:
        kept = json.loads(position.token or "") if position else {}
    except ValueError:
        return {}
    same = isinstance(kept, dict) and kept.get("basis") == basis
    return kept if same else {}


def ask_if_changed(call: Call, position: Position | None, basis: str) -> Call:
    """Return the request with the condition that lets the server answer 304."""
    kept = _token(position, basis)
    if call.method != "GET":
        return call
    wanted = {"if-none-match": kept.get("etag"), "if-modified-since": kept.get("modified")}
    return replace(call, headers={**call.headers, **{name: value for name, value in wanted.items() if value}})


def token_for(basis: str, answer: Answer, items: list[Any]) -> Position:
    """Return the position that says: these items, on this basis."""
    kept = {"basis": basis, "content": _digest(items)}
    if etag := answer.headers.get("etag"):
        kept["etag"] = etag
    elif (modified := answer.headers.get("last-modified")) and _is_settled(answer, modified):
        kept["modified"] = modified
    return Position(token=json.dumps(kept, sort_keys=True))


def holds_the_same(items: list[Any], position: Position | None, basis: str) -> bool:
    """Tell whether these are the items that the position remembers."""
    kept = _token(position, basis)
    return "content" in kept and kept["content"] == _digest(items)


def _is_settled(answer: Answer, modified: str) -> bool:
    try:
        moment = parsedate_to_datetime(modified)
    except ValueError:
        return False
    now = answer.server_time
    return now is not None and moment.tzinfo is not None and now - moment >= _SETTLED
