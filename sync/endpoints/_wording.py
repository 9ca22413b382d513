"""How an answer is told to people: its status, what it says, and what to look at."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from sync.endpoints._discretion import Discretion
from sync.endpoints._error_text import error_text
from sync.endpoints._urls import secret_parts, shown

if TYPE_CHECKING:
    from sync.endpoints._exchange import Answer, Target


def told(answer: Answer, target: Target, body: bytes, *, remark: str = "", hint: str = "") -> str:
    """Return one line for people, without a value of the lead and without a secret.

    Args:
        answer: what came back.
        target: what was sent to.
        body: what was sent; empty for nothing.
        remark: in our own words, instead of the server's.
        hint: what to look at, in our own words.

    """
    said = remark or _said(answer, target, body)
    return f"{_head(answer.status, said)}{f' ({hint})' if hint else ''}"


def _said(answer: Answer, target: Target, body: bytes) -> str:
    discretion = Discretion(body, (*target.headers.values(), *secret_parts(target.url)))
    if 300 <= answer.status < 400:  # noqa: PLR2004 - the class 3xx
        place = discretion.clean(_place(answer.headers.get("location", "")))
        return f"redirects to {place}: is the URL right?" if place else "redirects: is the URL right?"
    return discretion.clean(error_text(answer.body))


def _place(location: str) -> str:
    try:
        return shown(location) if "://" in location else location.partition("?")[0]
    except ValueError:  # not a URL at all
        return ""


def _head(status: int, said: str) -> str:
    if said:
        return f"{status}: {said}"
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status}"
