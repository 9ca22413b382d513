"""A database that is only read from, in short transactions."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy.exc import NoSuchModuleError

from sources._sql.dialects import begin, make_engine
from sources._sql.failures import sorted_failures
from sources._sql.url_options import options_refused
from sources._sql.urls import EXTRAS, database_file, describe, dialect_name, is_file, read_url
from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import URL, Connection, Engine

    from sources._sql.settings import SqlSettings
    from sources.base import SourceContext


class Database:
    """Connections to what the settings name, made when they are first wanted.

    Args:
        settings: the source's settings.
        context: where the source stands.

    """

    def __init__(self, settings: SqlSettings, context: SourceContext) -> None:
        self._settings = settings
        self._context = context
        self._lock = Lock()
        self._engine: Engine | None = None

    @property
    def url(self) -> URL:
        """Where it is; holds the password."""
        return read_url(self._settings.url.get_secret_value())

    @property
    def described(self) -> str:
        """Where it is, for messages."""
        return describe(self.url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that can only read, for as long as the block lasts.

        Raises:
            SourceError: when the database can't be reached, or refuses what is asked in the block.

        """
        with sorted_failures(self.url, self._settings.setting), self._connected() as connection:
            begin(connection, self._settings.timeout)
            yield connection

    def close(self) -> None:
        """Give back the connections."""
        with self._lock:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()

    def _connected(self) -> Connection:
        with options_refused(self.url):
            return self._opened().connect()

    def _opened(self) -> Engine:
        """Return the engine; a file is looked for each time, it may have gone."""
        if is_file(self.url):
            database_file(self.url, self._context.directory)
        with self._lock:
            if self._engine is None:
                self._engine = self._make()
            return self._engine

    def _make(self) -> Engine:
        try:
            streams = self._settings.cursor is None
            engine = make_engine(self.url, self._context.directory, self._settings.timeout, streams=streams)
        except NoSuchModuleError as error:
            raise BadConfig(self._unknown(error), "url") from None
        except ImportError as error:
            raise BadConfig(self._lacking(error), "url") from None
        if engine.dialect.is_async:
            message = (
                f"{self.url.drivername} is an asynchronous driver; name a plain one, as in postgresql+psycopg"
            )
            raise BadConfig(message, "url")
        return engine

    def _unknown(self, error: NoSuchModuleError) -> str:
        ours = read_url(f"{self.url.get_backend_name()}://")
        if ours.get_backend_name() in EXTRAS and self.url.drivername == ours.drivername:
            return self._lacking(error)
        return f"there is no database driver {self.url.drivername}; install its SQLAlchemy dialect"

    def _lacking(self, error: Exception) -> str:
        extra = EXTRAS.get(self.url.get_backend_name())
        lacked = getattr(error, "name", None) or "it"
        remedy = f"pip install 'leadrelay[{extra}]'" if extra else f"install {lacked}"
        return f"{dialect_name(self.url)} needs a driver that is not installed: {remedy}"
