"""What a database refuses, sorted into what the engine does about it.

Messages of the database are passed on only where they speak of the statement or of the connection: others
may repeat a value of a row.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from sources._sql.kinds import KINDS
from sources._sql.refusal import Why
from sources._sql.urls import describe, secrets_of
from sources.errors import BadConfig, Denied, RateLimited, SourceError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import URL

    from sources._sql.refusal import Refusal

_DENIED_STATES = ("28", "42501")
_DENIED_NUMBERS = {1044, 1045, 1142, 1143, 1227, 1370, 1698}
_UNKNOWN_DATABASE = {"3D000", 1049}
#: The statement itself is wrong: syntax, a function or column that isn't there, an attempt to write.
_STATEMENT_STATES = ("42", "25006", "0A", "22")
_STATEMENT_NUMBERS = {1054, 1064, 1146, 1109, 1305, 1248, 1060, 1052, 1792}
_STATEMENT_TEXTS = ("no such", "syntax error", "readonly database", "ambiguous column", "incomplete input")
_TIMEOUT_STATES = {"57014", 1969, 3024}
#: libpq gives no code for a connection that was refused, only text.
_DENIED_TEXTS = (
    "authentication failed",
    "pg_hba.conf",
    "permission denied",
    "no password supplied",
    "is not permitted to log in",
    "role ",
)
_MOST_CHARACTERS = 300


@contextmanager
def sorted_failures(url: URL, setting: str) -> Iterator[None]:
    """Turn what the database raises into a `SourceError`.

    Args:
        url: where the database is.
        setting: the setting that the statement was made from: ``table`` or ``query``.

    Raises:
        SourceError: the class says what to do.

    """
    try:
        yield
    except SourceError:
        raise
    except DBAPIError as error:
        raise _sorted(error, url, setting) from None
    except PoolTimeout:
        raise Unavailable(f"{describe(url)}: no connection was free in time") from None
    except SQLAlchemyError as error:
        raise Unavailable(f"{describe(url)}: {type(error).__name__}") from None
    except (OSError, EOFError) as error:
        raise Unavailable(f"{describe(url)}: {type(error).__name__}: the connection broke") from None
    except Exception as error:
        kind = KINDS.get(url.get_backend_name())
        if kind is None or not type(error).__module__.startswith(kind.raises):
            raise
        raise _refused_by(error, url, setting) or Unavailable(describe(url)) from None


def listening_failure(error: Exception, url: URL) -> SourceError:
    """Return what a connection of PostgreSQL's driver that only listens has raised, sorted."""
    code, said, where = _code(error), _said(error, url), describe(url)
    if _is_denied(code, said):
        return Denied(f"{where}: access was refused: {said}")
    if code in _UNKNOWN_DATABASE:
        return BadConfig(f"{where}: there is no such database", "url")
    return _from_connecting(said or type(error).__name__, where)


def _sorted(error: DBAPIError, url: URL, setting: str) -> SourceError:
    refused = _refused_by(error.orig, url, setting)
    if refused is not None:
        return refused
    code, said, where = _code(error.orig), _said(error.orig, url), describe(url)
    if isinstance(error.orig, sqlite3.Error):
        return _from_sqlite(said, where, setting)
    if _is_denied(code, said):
        return Denied(f"{where}: access was refused: {said}")
    if code is None and error.statement is None:
        return _from_connecting(said, where)
    return _from_code(code, said, where, setting) or Unavailable(f"{where}: {_named(error.orig, code)}")


def _refused_by(error: Any, url: URL, setting: str) -> SourceError | None:
    """Return what an exception comes to whose shape is peculiar to its driver."""
    kind = KINDS.get(url.get_backend_name())
    refusal = kind.refused(error) if kind is not None else None
    return _from_refusal(refusal, url, setting) if refusal is not None else None


def _from_refusal(refusal: Refusal, url: URL, setting: str) -> SourceError:
    where, said = describe(url), _without_password(refusal.said, url)
    code = f" ({refusal.code})" if refusal.code else ""
    detail = f": {said}" if said else ""
    if refusal.why is Why.DENIED:
        return Denied(f"{where}: access was refused{detail}{code}")
    if refusal.why is Why.NO_DATABASE:
        return BadConfig(f"{where}: {said or 'there is no such database'}{code}", "url")
    if refusal.why is Why.STATEMENT:
        return BadConfig(f"{where}: the database does not take this{detail}{code}", setting)
    if refusal.why is Why.TOO_LONG:
        return Unavailable(f"{where}: the answer took longer than `timeout`{code}")
    if refusal.why is Why.TOO_MUCH:
        return RateLimited(f"{where}: more was asked of it than it gives within a time{code}")
    return Unavailable(f"{where}: {said or 'it could not answer'}{code}")


def _from_code(code: str | int | None, said: str, where: str, setting: str) -> SourceError | None:
    if code in _UNKNOWN_DATABASE:
        return BadConfig(f"{where}: there is no such database", "url")
    if code in _TIMEOUT_STATES:
        return Unavailable(f"{where}: the answer took longer than `timeout`")
    if _is_statement(code):
        detail = f": {said}" if _names_only_the_statement(code) else ""
        return BadConfig(f"{where}: the database does not take this{detail} ({code})", setting)
    return None


def _named(error: Any, code: str | int | None) -> str:
    return type(error).__name__ + (f" ({code})" if code else "")


def _from_sqlite(said: str, where: str, setting: str) -> SourceError:
    if "not a database" in said:
        return BadConfig(f"{where}: the file is not a SQLite database, or is encrypted", "url")
    if any(text in said for text in _STATEMENT_TEXTS):
        return BadConfig(f"{where}: {said}", setting)
    if "unable to open" in said:
        return Denied(
            f"{where}: the file can't be opened for reading; its directory has to be writable "
            "while a program keeps it in WAL mode"
        )
    if "locked" in said or "busy" in said:
        return Unavailable(f"{where}: another program is writing to it and does not let go")
    return Unavailable(f"{where}: {said}")


def _from_connecting(said: str, where: str) -> SourceError:
    if "database" in said and "does not exist" in said:
        return BadConfig(f"{where}: there is no such database", "url")
    return Unavailable(f"{where}: no connection: {said}")


def _is_denied(code: str | int | None, said: str) -> bool:
    if isinstance(code, str):
        return code.startswith(_DENIED_STATES)
    return code in _DENIED_NUMBERS or (code is None and any(text in said for text in _DENIED_TEXTS))


def _is_statement(code: str | int | None) -> bool:
    return code.startswith(_STATEMENT_STATES) if isinstance(code, str) else code in _STATEMENT_NUMBERS


def _names_only_the_statement(code: str | int | None) -> bool:
    """Tell whether the message can't hold a row's value: class 22 is about data."""
    return not (isinstance(code, str) and code.startswith("22"))


def _code(error: Any) -> str | int | None:
    """Return MySQL's number, which says more than its SQLSTATE, or the SQLSTATE."""
    arguments = getattr(error, "args", ())
    if arguments and isinstance(arguments[0], int) and arguments[0]:
        return arguments[0]
    state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
    return str(state) if state else None


def _said(error: Any, url: URL) -> str:
    """Return the driver's words in one line, without the password should it be in them."""
    primary = getattr(getattr(error, "diag", None), "message_primary", None)
    arguments = getattr(error, "args", ())
    words = primary or (arguments[-1] if arguments else "")
    return _without_password(str(words), url)


def _without_password(words: str, url: URL) -> str:
    line = " ".join(words.split())
    for secret in secrets_of(url):
        line = line.replace(secret, "***")
    return line[:_MOST_CHARACTERS]
