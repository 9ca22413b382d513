"""Bringing a store to this program's schema, on start, by itself."""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import insert, inspect, select, text

from sync.store import tables
from sync.store.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection

_FOLDER = Path(__file__).parent / "migrations"
#: Advisory lock under which PostgreSQL stores are migrated by one process at a time.
_LOCK = 5_317_249_001


def known_revisions() -> list[str]:
    """Return the revisions this program has, oldest first; a file is named after its revision."""
    return sorted(file.name.split("_")[0] for file in (_FOLDER / "versions").glob("[0-9]*.py"))


def current_revision(connection: Connection) -> str | None:
    """Return the revision a store is at; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate(connection: Connection, where: str) -> None:
    """Bring the store to this program's newest revision, inside the connection's transaction.

    Raises:
        StoreError: when the store was written by a newer program, or belongs to another one.

    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    known, current = known_revisions(), current_revision(connection)
    if current == known[-1]:
        return
    if current is not None and current not in known:
        raise StoreError(
            f"the state store {where} is from a newer leadrelay (schema {current}, this one knows up to "
            f"{known[-1]}); upgrade leadrelay, or restore the store's backup from before the upgrade"
        )
    if current is None and inspect(connection).has_table("lead"):
        raise StoreError(f"the database {where} has a table `lead` that is not leadrelay's; use another one")
    if current is None:
        _make(connection, known[-1])
    else:
        run_migrations(connection)
    _first_facts(connection)


def _make(connection: Connection, revision: str) -> None:
    """Make a new store as the tables say, which is what all migrations together make.

    It spares the first sync the third of a second that loading Alembic takes.
    """
    tables.metadata.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})


def run_migrations(connection: Connection) -> None:
    """Run the migrations that a store lacks, or all of them on an empty database."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _first_facts(connection: Connection) -> None:
    """Write what every store has from its first day on, where it is not there yet."""
    there = set(connection.scalars(select(tables.meta.c.name)))
    facts = {"digest_key": secrets.token_hex(32), "created_at": str(time.time())}
    new = [{"name": name, "value": value} for name, value in facts.items() if name not in there]
    if new:
        connection.execute(insert(tables.meta), new)
    counted = set(connection.scalars(select(tables.counter.c.name)))
    counters = [{"name": name, "value": 0} for name in ("lead", "version") if name not in counted]
    if counters:
        connection.execute(insert(tables.counter), counters)
