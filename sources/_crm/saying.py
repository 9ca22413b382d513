"""Errors in a vendor's own words: which limit was reached, which permission is missing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sources._http.wording import said
from sources._wording import listed
from sources.errors import Denied, RateLimited, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sources.http import Answer

__all__ = ["denied", "limited", "said", "sensible"]


def limited(answer: Answer, which: str, wait: float | None) -> RateLimited:
    """Return the error for a limit that the vendor names.

    Args:
        answer: what came back.
        which: the limit, as in ``its limit for a day (DAILY) is used up``.
        wait: seconds until it helps to ask again; None when nobody can say.

    """
    return RateLimited(f"{said(answer)}: {which}", wait)


def denied(answer: Answer, advice: str, scopes: Sequence[str] = ()) -> Denied:
    """Return the error for credentials that are not good enough, with the scopes that they lack."""
    missing = f"; it lacks {listed(scopes)}" if scopes else ""
    return Denied(f"{said(answer)}: {advice}{missing}")


@contextmanager
def sensible(where: str) -> Iterator[None]:
    """Read an answer in this block; one that is not as its vendor describes it is `Unavailable`.

    Args:
        where: the address for the message.

    """
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise Unavailable(f"{where}: the answer is not as described ({type(error).__name__})") from None
