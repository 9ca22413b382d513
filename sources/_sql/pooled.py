"""Engines of database servers: few connections, kept open, each prepared once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.engine import URL, Engine

#: Seconds until a server that does not answer counts as unreachable.
CONNECT_SECONDS = 15
#: How many seconds longer we wait than the server was told to work.
GRACE_SECONDS = 5
#: Connections kept open: one poll, and one more for `fetch` beside it.
_POOL: dict[str, Any] = {"pool_size": 1, "max_overflow": 2, "pool_pre_ping": True, "pool_recycle": 900}


def pooled(url: URL, arguments: Mapping[str, Any] | None = None) -> Engine:
    """Make the engine of a server; nothing is connected to yet.

    Args:
        url: where it is.
        arguments: of the driver's `connect`; what the URL says itself goes before.

    Raises:
        ImportError: when the driver is not installed.

    """
    ours = {name: value for name, value in (arguments or {}).items() if name not in url.query}
    return create_engine(url, connect_args=ours, **_POOL)


def each_connection(engine: Engine, prepare: Callable[[Any], None]) -> None:
    """Have every new connection prepared, as the driver gives it."""
    event.listen(engine, "connect", lambda connection, _record: prepare(connection))


def said_once(engine: Engine, *statements: str) -> None:
    """Have every new connection told these statements, and what they opened committed."""

    def prepare(connection: Any) -> None:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        cursor.close()
        connection.commit()

    each_connection(engine, prepare)
