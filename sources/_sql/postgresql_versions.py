"""PostgreSQL's row versions: `xmin`, the number of the transaction that wrote a row as it is.

The horizon is `pg_snapshot_xmin` of the snapshot that reads: the lowest transaction still running, those
that are prepared included. Not the snapshot's list of running transactions, which would be closer: it has
no subtransactions (a savepoint writes under a number of its own), and on a replica it is empty. While a
transaction stays open, what was written since it began is read again in each poll, and compared.

A row shows 32 of its transaction's 64 bits. Counted back from the present they are no riddle while the
position is less than two billion transactions old. Freezing (since 9.4) marks a row and leaves its number;
locking a row writes to `xmax` alone. The few numbers below 3 are of no transaction at all.

What a position is good for is told by the cluster, its timeline (every promoted replica and every restore
to a moment begins a new one, in which the same numbers are given again), the database, and the tables: one
renamed into the other's place, or attached as a partition, brings rows with older numbers.

Numbers are not kept safe for their own sake: after a crash those of transactions that were undone, or not yet
on the disk, are given again, and a disk that was put back gives a whole day's again. Both begin a new run of
the server: it starts, or (when one of its processes was killed) recovers, and then its statistics begin anew.
Nothing here asks for the log's place, which Amazon's Aurora does not tell unless it is set up for that.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, literal_column, text

from sources._sql.row_versions import Horizon, table_name
from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

    from sources._sql.settings import SqlSettings

#: Half of what 32 bits tell apart, less the numbers that others may take while a poll begins.
_REACH = 2**31 - 2**20
_BITS = 2**32
#: Transactions that began while another was open, as many as deserve a word.
_MANY = 1_000
#: The first version that has `pg_current_snapshot`.
_OLDEST_SERVER = (13,)
_READABLE = {"r": "table", "p": "table", "m": "materialized view"}
_OTHERS = {"v": "a view", "f": "a foreign table"}
_SNAPSHOT = text(
    """
    SELECT pg_snapshot_xmin(s)::text::bigint AS lowest, pg_snapshot_xmax(s)::text::bigint AS upcoming,
      statement_timestamp() AS now, pg_is_in_recovery() AS follows,
      c.system_identifier, d.oid AS database,
      greatest(k.timeline_id, r.min_recovery_end_timeline) AS timeline,
      extract(epoch FROM pg_postmaster_start_time())::text AS started,
      extract(epoch FROM pg_stat_get_bgwriter_stat_reset_time())::text AS recovered
    FROM pg_current_snapshot() AS s, pg_control_system() AS c, pg_control_checkpoint() AS k,
      pg_control_recovery() AS r, pg_database AS d
    WHERE d.datname = current_database()
    """
)
_TREE = """
    WITH RECURSIVE tree AS (
      SELECT CAST(to_regclass(:name) AS oid) AS oid
      UNION SELECT i.inhrelid FROM pg_inherits AS i JOIN tree ON i.inhparent = tree.oid
    )
"""
_SIZE = text(_TREE + "SELECT pg_size_pretty(sum(pg_relation_size(oid))) FROM tree")
_TABLES = text(
    _TREE
    + """
    SELECT c.oid, c.relkind::text AS kind, a.amname AS method
    FROM tree JOIN pg_class AS c ON c.oid = tree.oid LEFT JOIN pg_am AS a ON a.oid = c.relam
    ORDER BY c.oid
    """
)


def take_snapshot(connection: Connection, settings: SqlSettings) -> Horizon:
    """Have the transaction see one state from now on, and return what it is.

    Call it before anything else is asked in the transaction.

    Raises:
        BadConfig: when it is no table, or the server is too old.

    """
    if (connection.dialect.server_version_info or _OLDEST_SERVER) < _OLDEST_SERVER:
        raise BadConfig("row versions need PostgreSQL 13 or later; leave `cursor` out", "cursor_type")
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    said = connection.execute(_SNAPSHOT).one()
    tables = _tables(connection, settings)
    of = f"{said.system_identifier}.{said.timeline}.{said.database}.{tables}"
    run = None if said.follows else f"{said.started}.{said.recovered}"
    return Horizon(of, said.now, said.lowest, said.upcoming, _REACH, follows=said.follows, run=run)


def written_since(version: int, column: ColumnElement[Any] | None = None) -> ColumnElement[bool]:
    """Return what is true of a row that a transaction wrote with this number or a later one.

    `age` counts back from the present, in 32 bits with their sign: what is older than two billion
    transactions, and frozen, comes out negative.
    """
    number = func.age(literal_column(f"CAST('{version % _BITS}' AS xid)"))
    age = func.age(literal_column("xmin") if column is None else column)
    return and_(age >= 0, age <= number)


def cost_of_a_scan(connection: Connection, settings: SqlSettings, horizon: Horizon) -> str:
    """Return what `leadrelay check` says of it."""
    size = connection.execute(_SIZE, {"name": table_name(connection, settings)}).scalar()
    said = f"; each poll scans the whole table ({size}) in the database, and what has changed travels"
    behind = horizon.upcoming - horizon.lowest
    if behind > _MANY:
        said += f"; a transaction left open has each poll read again what {behind:,} others wrote since"
    return said


def _tables(connection: Connection, settings: SqlSettings) -> str:
    """Return a short name for the table with all its partitions; empty when there is none."""
    found = connection.execute(_TABLES, {"name": table_name(connection, settings)}).all()
    _refuse_what_has_no_versions(found, settings)
    return blake2b("+".join(str(each.oid) for each in found).encode(), digest_size=8).hexdigest()


def _refuse_what_has_no_versions(found: Sequence[Any], settings: SqlSettings) -> None:
    for each in found:
        if each.kind not in _READABLE:
            raise BadConfig(
                f"{settings.table} is, or holds, {_OTHERS.get(each.kind, 'no table')}, whose rows have no "
                "versions: name the table itself, or another cursor",
                "table",
            )
        if each.method not in (None, "heap"):
            raise BadConfig(
                f"{settings.table} is stored by {each.method}, which does not number its rows' versions as "
                "PostgreSQL's own tables do: name another cursor",
                "table",
            )
