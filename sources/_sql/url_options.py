"""What stands behind the `?` of a URL, and how drivers say that they can't use it.

It goes to the driver's `connect` as it is, and many a driver stumbles over it with an error of Python's own.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from sources._sql.urls import describe
from sources.errors import BadConfig, SourceError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import URL

#: The driver does not know an option, or can make nothing of its value.
_UNUSABLE = (TypeError, ValueError, AttributeError, LookupError, FileNotFoundError)
#: How Python, libpq and pymssql name what they don't take. What follows may be a value, and is left out.
_SAYING = re.compile(
    r"unexpected keyword argument '\w+'|invalid connection option \"\w+\""
    r"|invalid \w+ value(?=:)|invalid port number|invalid integer value|unrecognized tds version"
)


@contextmanager
def options_refused(url: URL) -> Iterator[None]:
    """Say that it is the URL which has to be changed, where a driver stumbles over what it is given.

    Raises:
        BadConfig: with the option's name where the driver tells it, and never its value.
        Unavailable: when there are no options, so that something else is wrong.

    """
    try:
        yield
    except DBAPIError as error:
        refused = _refused(error.orig)
        if refused is None:
            raise
        raise _bad(url, refused) from None
    except (SourceError, SQLAlchemyError):
        raise
    except _UNUSABLE as error:
        raise _stumbled(url, error) from None
    except Exception as error:
        refused = _refused(error)
        if refused is None:
            raise
        raise _bad(url, refused) from None


def _stumbled(url: URL, error: Exception) -> SourceError:
    if not url.query:
        return Unavailable(f"{describe(url)}: no connection: {type(error).__name__}")
    missing = "a file is not there" if isinstance(error, FileNotFoundError) else None
    return _bad(url, missing or _refused(error) or type(error).__name__)


def _bad(url: URL, refused: str) -> BadConfig:
    options = f"; its options are {', '.join(sorted(url.query))}" if url.query else ""
    return BadConfig(
        f"{describe(url)}: the driver can't connect with what the URL says: {refused}{options}", "url"
    )


def _refused(error: BaseException | None) -> str | None:
    found = _SAYING.search(" ".join(str(error).split()))
    return found[0] if found else None
