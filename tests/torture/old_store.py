"""A state file as the first version of this program made it, with the rows of one of today."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from sqlalchemy import create_engine

from sync.store import migrate

if TYPE_CHECKING:
    from pathlib import Path


def written_by_the_first_version(today: Path, file: Path) -> None:
    """Make a file by the first migration alone, and fill it with what another one holds."""
    _make(file)
    with closing(sqlite3.connect(file)) as old:
        old.execute("ATTACH ? AS today", (str(today),))
        tables = old.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            if table != "alembic_version":
                columns = ", ".join(f'"{row[1]}"' for row in old.execute(f"PRAGMA main.table_info({table})"))
                old.execute(f"DELETE FROM main.{table}")
                old.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM today.{table}")
        old.commit()


def _make(file: Path) -> None:
    from alembic import command
    from alembic.config import Config

    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(migrate._FOLDER))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()


def set_revision(file: Path, revision: str) -> None:
    """Say that a file is of another version."""
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        opened.commit()
