"""A list in a table, or by a query, of any database that a source can be read from."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from sqlalchemy import column, select, table, text

from sources._sql.database import Database as Connections
from sources._sql.settings import SqlSettings
from sources.base import SourceContext

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sync.gates import Suppress

_ROWS = 2000


class Database:
    """A table or a query, read as a whole.

    Args:
        settings: which one; `url` is given.
        directory: what a SQLite file is relative to.

    Raises:
        SourceError: when the URL is none.

    """

    #: Seconds between two readings. A database can't be asked whether a list has changed.
    look_every = 300.0
    retry_every = 15.0

    def __init__(self, settings: Suppress, directory: Path) -> None:
        self._settings = settings
        self._directory = directory
        self.shown = f"(`suppress`: {settings.setting} of a database)"

    def revision(self) -> None:
        """Return nothing: it is read again each time."""

    def settle(self) -> None:
        """Return at once: a transaction sees one state."""

    def rows(self) -> Iterator[Sequence[Any]]:
        """Yield every row, streamed where the driver can.

        Raises:
            SourceError: when it can't be read.

        """
        connections = self._connections()
        try:
            with connections.reading() as connection:
                options = {"stream_results": True, "max_row_buffer": _ROWS}
                result = connection.execution_options(**options).execute(self._statement())
                for some in result.partitions(_ROWS):
                    yield from (tuple(row) for row in some)
        finally:
            connections.close()

    def _statement(self) -> Any:
        said = self._settings
        if said.query is not None:
            return text(said.query.replace(":", r"\:"))
        schema, _, name = str(said.table).rpartition(".")
        origin = table(name, schema=schema or None)
        return select(*(column(each) for each in said.columns)).select_from(origin)

    def _connections(self) -> Connections:
        said = self._settings
        # Of a source the key names a record; here it is all that is read.
        given = {"url": said.url, said.setting: said.query or said.table, "key": said.columns or ["*"]}
        settings = SqlSettings.model_validate(given)
        return Connections(settings, SourceContext("suppress", self._directory, UTC))
