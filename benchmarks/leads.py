"""Made-up leads: the same ones for the same number, as a CSV file or a SQLite table."""

from __future__ import annotations

import csv
import random
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COLUMNS = (
    "id",
    "first_name",
    "last_name",
    "phone",
    "email",
    "status",
    "channel",
    "city",
    "created_at",
    "updated_at",
)
_FIRST = ("Ada", "Ana", "Chloe", "James", "Jürgen", "Maria", "Olga", "Pedro", "Wei", "Yuki")
_LAST = ("Chen", "Costa", "Dubois", "Garcia", "Hassan", "Ivanova", "Müller", "Silva", "Smith", "Tanaka")
_STATUS = ("new", "open", "won", "lost")
_CHANNEL = ("web", "referral", "ads", "event")
_CITY = ("Springfield", "Richmond", "Norfolk", "Roanoke", "Fairfax")
_AREA = (201, 212, 303, 312, 404, 415, 503, 617, 702, 804)
_START = datetime(2025, 1, 1)  # noqa: DTZ001 - the tables hold local times, as most do


def rows(count: int) -> Iterator[tuple[object, ...]]:
    """Yield `count` leads in the order of `COLUMNS`, one changed every second."""
    chance = random.Random(7)
    for number in range(1, count + 1):
        first, last = chance.choice(_FIRST), chance.choice(_LAST)
        changed = (_START + timedelta(seconds=number)).strftime("%Y-%m-%d %H:%M:%S.000000")
        yield (
            number,
            first,
            last,
            f"({chance.choice(_AREA)}) 555-01{chance.randrange(100):02}",
            f"{first}.{last}.{number}@example.com".lower().replace("ü", "ue"),
            chance.choice(_STATUS),
            chance.choice(_CHANNEL),
            chance.choice(_CITY),
            changed,
            changed,
        )


def write_csv(path: Path, count: int) -> None:
    """Write `count` leads with a header row."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows(count))


def write_sqlite(path: Path, count: int) -> None:
    """Write `count` leads into the table `leads`, indexed by change time and key."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database:
        names = ", ".join(f"{name} text" for name in COLUMNS[1:-2])
        database.execute(
            f"create table leads (id integer primary key, {names}, created_at datetime, updated_at datetime)"
        )
        marks = ",".join("?" * len(COLUMNS))
        database.executemany(f"insert into leads values ({marks})", rows(count))
        database.execute("create index leads_by_change on leads (updated_at, id)")
        database.commit()
