"""SQL Server's row versions: a column of type `rowversion`, a number of eight bytes.

The database numbers every row as it is written. MIN_ACTIVE_ROWVERSION() is the lowest number that
something not committed yet has, or else the next one: what is lower is settled.

What a position is good for is told by the server, the database with the moment it was made or restored,
its recovery fork where the user may see it (every restore begins a new one), and the table. A disk that was
put back is told by the server's start: `tempdb` is made anew then, and anybody may see when (but not on Azure
SQL, which puts databases back under other names).

What MIN_ACTIVE_ROWVERSION() says at a readable secondary, of transactions that are open at the primary, is
not documented (learn.microsoft.com, "MIN_ACTIVE_ROWVERSION"): versions are not read there.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from sources._sql.dialects import clock_of
from sources._sql.row_versions import Horizon, table_name
from sources.errors import BadConfig

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from sources._sql.settings import SqlSettings
    from sources._sql.shape import Shape

_BYTES = 8
#: A version's own number is told whole.
_REACH = 2 ** (8 * _BYTES)
ASKED = text(
    """
    SELECT MIN_ACTIVE_ROWVERSION() AS lowest, @@DBTS AS newest,
      CONVERT(varchar(256), SERVERPROPERTY('ServerName')) AS server, d.name AS name,
      CONVERT(varchar(33), d.create_date, 126) AS made, CONVERT(varchar(36), r.recovery_fork_guid) AS fork,
      OBJECT_ID(:name) AS object, CONVERT(varchar(33), t.create_date, 126) AS run,
      CONVERT(varchar(20), DATABASEPROPERTYEX(d.name, 'Updateability')) AS takes
    FROM sys.databases AS d LEFT JOIN sys.database_recovery_status AS r ON r.database_id = d.database_id
      LEFT JOIN sys.databases AS t ON t.name = 'tempdb'
    WHERE d.database_id = DB_ID()
    """
)


def ask(connection: Connection, settings: SqlSettings) -> Horizon:
    """Ask for the horizon, before anything is read.

    Raises:
        BadConfig: when it is a copy that is only read, whose versions are another server's.

    """
    at = clock_of(connection)
    said = connection.execute(ASKED, {"name": table_name(connection, settings)}).one()
    if said.takes == "READ_ONLY":
        raise BadConfig(
            "this database can't be written to, as that of a secondary replica, and can't tell which row "
            "versions are still to be committed: connect to the primary",
            "url",
        )
    whose = "\n".join(str(part) for part in (said.server, said.name, said.made, said.fork, said.object))
    of = blake2b(whose.encode(), digest_size=12).hexdigest()
    return horizon_of(of, at, said.lowest, said.newest, said.run)


def horizon_of(of: str, at: Any, lowest: bytes, newest: bytes, run: str | None = None) -> Horizon:
    """Return a horizon of what the database answers: its lowest open version, and its newest one."""
    return Horizon(of, at, _number(lowest), _number(newest) + 1, _REACH, spelled, run=run)


def spelled(version: int) -> str:
    """Return a version as SQL Server writes it: 0x00000000000007D1."""
    return f"0x{version:0{2 * _BYTES}X}"


def spelled_out(version: int) -> bytes:
    """Return a version as a value of the column; pymssql sends bytes with a zero among them as what they are.

    The first is zero until 2**56 rows were written.
    """
    return version.to_bytes(_BYTES, "big")


def refuse_other_columns(settings: SqlSettings, shape: Shape) -> None:
    """Refuse a column of another type, as one of BINARY(8) that somebody fills.

    Raises:
        BadConfig: when the server calls it something else.

    """
    if shape.kinds.get(settings.cursor or "") != "version":
        raise BadConfig(
            f"{settings.cursor} is no rowversion: name the column of that type, or leave `cursor_type` out",
            "cursor",
        )


def _number(version: bytes) -> int:
    return int.from_bytes(version, "big")
