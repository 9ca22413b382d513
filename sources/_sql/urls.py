"""Database URLs: read without giving away what they hold, and completed with the drivers we bring."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from sources.errors import BadConfig

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

#: What people write, and the dialect with the driver that `pip install 'leadrelay[…]'` brings.
_DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
    "mssql": "mssql+pymssql",
    "sqlserver": "mssql+pymssql",
    "oracle": "oracle+oracledb",
    "redshift": "redshift+psycopg2",
}
_NAMES = {
    "postgresql": "PostgreSQL",
    "mysql": "MySQL",
    "mariadb": "MariaDB",
    "sqlite": "SQLite",
    "mssql": "SQL Server",
    "oracle": "Oracle",
    "duckdb": "DuckDB",
    "snowflake": "Snowflake",
    "bigquery": "BigQuery",
    "redshift": "Redshift",
}
#: Databases that are files on this machine, and how such a URL is written.
_FILES = {"sqlite": "sqlite:///data/shop.db", "duckdb": "duckdb:///data/shop.duckdb"}
#: Options of drivers whose values are as secret as a password have one of these in their names.
_SECRET_OPTIONS = ("pass", "pwd", "secret", "token", "credential", "private_key", "passcode", "wallet")
#: What has to be installed for a kind of database.
EXTRAS = {
    "postgresql": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
    "mssql": "mssql",
    "oracle": "oracle",
    "duckdb": "duckdb",
    "snowflake": "snowflake",
    "bigquery": "bigquery",
    "redshift": "redshift",
}


def read_url(text: str) -> URL:
    """Read a URL, and name a driver where none is named.

    Raises:
        ValueError: when it is none; the message does not repeat it, since it may hold a password.

    """
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError):
        message = (
            "is not a database URL; write it like postgresql://user:password@host/database "
            "(characters such as @ and / in a password as %40 and %2F) or sqlite:///file.db"
        )
        raise ValueError(message) from None
    return url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))


def dialect_name(url: URL) -> str:
    """Return what kind of database it is, as a person calls it."""
    backend = url.get_backend_name()
    return _NAMES.get(backend, backend)


def describe(url: URL) -> str:
    """Return the database and where it is, without user and password."""
    if is_file(url):
        return f"{dialect_name(url)} {url.database}"
    if url.get_backend_name() == "bigquery":
        return f"BigQuery {'.'.join(part for part in (url.host, url.database) if part)}".rstrip()
    database = url.database or url.query.get("service_name", "")
    port = f":{url.port}" if url.port else ""
    return f"{dialect_name(url)} {database} at {url.host or 'the local socket'}{port}"


def secrets_of(url: URL) -> list[str]:
    """Return what of a URL must not be shown, longest first, as it is and as it is written in a URL."""
    given = [str(url.password or "")]
    for name, value in url.query.items():
        if any(word in name.lower() for word in _SECRET_OPTIONS):
            given += [value] if isinstance(value, str) else value
    found = {form for each in given if each for form in (each, quote(each, safe=""))}
    return sorted(found, key=len, reverse=True)


def is_file(url: URL) -> bool:
    """Tell whether the database is a file on this machine."""
    return url.get_backend_name() in _FILES


def database_file(url: URL, directory: Path) -> Path:
    """Return the file of a database that is one; a relative one is relative to the directory.

    Raises:
        BadConfig: when it names no file, or none that is there.

    """
    database = url.database or ""
    if database.startswith("file:"):
        database = unquote(urlsplit(database).path)
    if database in ("", ":memory:"):
        raise BadConfig(f"name the file of the database, as in {_FILES[url.get_backend_name()]}", "url")
    path = directory / Path(database).expanduser()
    if not path.is_file():
        raise BadConfig(f"there is no file {database} (looked in {directory})", "url")
    return path


def read_only_uri(path: Path) -> str:
    """Return the URI that opens a SQLite file for nothing but reading."""
    return f"file:{quote(str(path.resolve()))}?mode=ro"
