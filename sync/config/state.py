"""The address of the state store: an SQLite file or a PostgreSQL database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

_TWO = "use sqlite:///leadrelay.db (a file) or postgresql://user:password@host/database"
_URL = re.compile(r"([A-Za-z][A-Za-z0-9]*)(?:\+([A-Za-z0-9_]+))?://(.*)", re.DOTALL)
_POSTGRES_DRIVERS = (None, "psycopg")
_SQLITE_DRIVERS = (None, "pysqlite")


@dataclass(frozen=True, slots=True)
class State:
    """Where the state store is. ``repr`` shows no password."""

    #: For SQLAlchemy, with the driver named and the file's path absolute.
    url: SecretStr
    backend: Literal["sqlite", "postgresql"]
    #: The SQLite file; None for PostgreSQL.
    file: Path | None = None


def parse_state(text: str, directory: Path) -> State:
    """Read a URL; a relative file is relative to the directory.

    Raises:
        ValueError: for anything that can't be a state store; the text is not repeated.

    """
    match = _URL.fullmatch(text.strip())
    if not match:
        raise ValueError(f"is not a database URL; {_TWO}")
    kind, driver, rest = match[1].lower(), match[2], match[3]
    if kind in ("postgres", "postgresql"):
        return _postgres(driver, rest)
    if kind != "sqlite":
        raise ValueError(f"can't be kept in {kind}; {_TWO}")
    if driver not in _SQLITE_DRIVERS:
        raise ValueError(f"the driver {driver} can't be used; write sqlite:///FILE")
    return _sqlite(rest, directory)


def _postgres(driver: str | None, rest: str) -> State:
    if driver not in _POSTGRES_DRIVERS:
        raise ValueError(f"the driver {driver} can't be used; write postgresql://… and psycopg is taken")
    if not rest.strip("/"):
        raise ValueError(f"names no database; {_TWO}")
    return State(SecretStr(f"postgresql+psycopg://{rest}"), "postgresql")


def _sqlite(rest: str, directory: Path) -> State:
    name, mark, query = rest.partition("?")
    if not name.startswith("/"):
        raise ValueError("a file is written with three slashes, as in sqlite:///leadrelay.db")
    name = name[1:]
    if not name or ":memory:" in name or "mode=memory" in query:
        raise ValueError("in memory it would forget what was sent; name a file, as in sqlite:///leadrelay.db")
    file = (directory / Path(name).expanduser()).absolute()
    return State(SecretStr(f"sqlite:///{file}{mark}{query}"), "sqlite", file)
