"""PostgreSQL's NOTIFY: a connection of its own that listens, so that a commit is heard of at once.

What a notice carries is not read: it says "poll now", and nothing else.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Any

from sources._sql.failures import listening_failure
from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from psycopg import AsyncConnection
    from sqlalchemy.engine import URL

#: Seconds after which a connection that has been silent is asked whether it is still there.
_SILENCE_SECONDS = 30.0
_CONNECT_SECONDS = 10
_ANSWER_SECONDS = 10.0


async def notices(
    url: URL, channel: str, *, silence_seconds: float = _SILENCE_SECONDS
) -> AsyncGenerator[None, None]:
    """Yield once when listening, then for every commit that notified the channel.

    Args:
        url: the database.
        channel: what the trigger notifies.
        silence_seconds: how long nothing may be heard before the connection is tried.

    Raises:
        Unavailable: when the database can't be reached, or the connection broke.
        Denied: when it refuses the user.
        BadConfig: when the driver is not installed, or there is no such database.

    """
    try:
        async with _listening(url, channel) as connection:
            yield
            while True:
                silent = True
                async with aclosing(connection.notifies(timeout=silence_seconds, stop_after=1)) as heard:
                    async for _ in heard:
                        silent = False
                        yield
                if silent:
                    async with asyncio.timeout(_ANSWER_SECONDS):
                        await connection.execute("SELECT 1")
    except (_database_error(), OSError) as error:  # TimeoutError is an OSError
        raise listening_failure(error, url) from None


@asynccontextmanager
async def _listening(url: URL, channel: str) -> AsyncIterator[AsyncConnection[Any]]:
    from psycopg import AsyncConnection
    from psycopg.sql import SQL, Identifier

    connection = await AsyncConnection.connect(**_arguments(url), autocommit=True)
    try:
        await connection.execute(SQL("LISTEN {}").format(Identifier(channel)))
        yield connection
    finally:
        await connection.close()


def _arguments(url: URL) -> dict[str, Any]:
    """Return how psycopg connects to where SQLAlchemy would, whichever driver the URL names."""
    ours = url.set(drivername="postgresql+psycopg")
    _, found = ours.get_dialect()().create_connect_args(ours)
    return {"connect_timeout": _CONNECT_SECONDS, **found}


def _database_error() -> type[Exception]:
    try:
        from psycopg import Error
    except ImportError:
        message = "`notify` needs a driver that is not installed: pip install 'leadrelay[postgresql]'"
        raise BadConfig(message, "notify") from None
    return Error
