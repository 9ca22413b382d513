"""The kinds of databases that are told apart from the rest, by the names of their dialects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources._sql.databases.bigquery import BIGQUERY
from sources._sql.databases.duckdb import DUCKDB
from sources._sql.databases.mssql import MSSQL
from sources._sql.databases.oracle import ORACLE
from sources._sql.databases.redshift import REDSHIFT
from sources._sql.databases.snowflake import SNOWFLAKE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sources._sql.databases.kind import DatabaseKind

#: PostgreSQL, MySQL, MariaDB and SQLite are known where their peculiarities matter.
KINDS: Mapping[str, DatabaseKind] = {
    "bigquery": BIGQUERY,
    "duckdb": DUCKDB,
    "mssql": MSSQL,
    "oracle": ORACLE,
    "redshift": REDSHIFT,
    "snowflake": SNOWFLAKE,
}
