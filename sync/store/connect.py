"""Connections to the state store, set up so that a commit survives a power cut."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import QueuePool, StaticPool

from sync.store.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: Seconds that a write waits for another process's short transaction.
BUSY_SECONDS = 15

#: Why each: WAL lets readers and one writer work at once; FULL makes each commit durable against
#: power loss; secure_delete overwrites what is deleted, so that an erased payload is gone.
_PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
)


def parse_url(url: str) -> URL:
    """Return the URL of a store, with the PostgreSQL driver named.

    Raises:
        StoreError: for a database that can't be a state store, or one that forgets.

    """
    parsed = make_url(url)
    kind = parsed.get_backend_name()
    if kind == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        raise StoreError(f"`state` can be sqlite:///FILE or postgresql://…, not {kind}")
    if not parsed.database or ":memory:" in parsed.database:
        raise StoreError("`state` in memory would forget what was sent; name a file: sqlite:///leadrelay.db")
    return parsed


def where(url: URL) -> str:
    """Return the address of a store for messages, without a password."""
    return str(url.database) if is_sqlite(url) else url.render_as_string(hide_password=True)


def is_sqlite(url: URL) -> bool:
    """Tell whether the store is an SQLite file."""
    return url.get_backend_name() == "sqlite"


def writer_engine(url: URL) -> Engine:
    """Return an engine over one connection that is kept: it carries this process's locks."""
    if is_sqlite(url):
        return _sqlite(url, "BEGIN IMMEDIATE")
    return create_engine(url, poolclass=StaticPool, connect_args=_postgres_args())


def reader_engine(url: URL) -> Engine:
    """Return an engine for reading beside the writer."""
    if is_sqlite(url):
        return _sqlite(url, "BEGIN")
    # Kept, since a new session for every read costs more than the read; looked at, since it may be gone.
    kept = {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0, "pool_pre_ping": True}
    return create_engine(url, connect_args=_postgres_args(), **kept)


def _postgres_args() -> dict[str, Any]:
    # Without keep-alives a session behind a dead network would keep its locks, and ours, for hours.
    idle = {"keepalives": 1, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
    return {"connect_timeout": 10, "application_name": "leadrelay", **idle}


def _sqlite(url: URL, begin: str) -> Engine:
    _make_private(Path(str(url.database)))
    engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN is deferred; ours follows below
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _make_private(file: Path) -> None:
    """Create the file readable by its owner only: it holds payloads until they are accepted."""
    if not file.exists() and file.parent.is_dir():
        try:
            file.touch(mode=0o600)
        except OSError as error:
            raise StoreError(f"the state store {file} can't be made: {error.strerror}") from error
