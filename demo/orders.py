"""The company's order desk: a SQLite database with the table that mappings/orders.yaml reads."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from demo.people import Person, people

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

COUNT = 30
FIRST_ID = 5001
#: An order that somebody typed to see whether it works.
TEST_ORDER = 5013
#: Who orders later, while the demo runs.
NEWCOMER = Person("Nadia", "Berger", "7575550199")
#: Times in the table carry no zone; they are those of the clock on the wall.
_ZONE = ZoneInfo("America/New_York")
_STATUSES = "NQSX"
_SERVICES = ("gutters", "roofing", "windows")

_TABLE = """
CREATE TABLE orders (
  id INTEGER PRIMARY KEY, customer_id INTEGER, first_name TEXT, last_name TEXT, phone TEXT, email TEXT,
  status TEXT, service TEXT, amount REAL, street TEXT, city TEXT, state TEXT, zip TEXT,
  created_at TIMESTAMP, updated_at TIMESTAMP
)
"""


def make(path: Path, now: datetime) -> None:
    """Make the database with its orders, some days old at the time given."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(_TABLE)
        database.execute("CREATE INDEX orders_changed ON orders (updated_at)")
        for number, person in enumerate(people(COUNT, "757")):
            key = FIRST_ID + number
            status = "test" if key == TEST_ORDER else _STATUSES[number % len(_STATUSES)]
            _insert(database, _row(key, person, status, now - timedelta(days=35 - number)))


def add(path: Path, key: int, person: Person, now: datetime) -> None:
    """Add a new order."""
    with closing(sqlite3.connect(path)) as database, database:
        _insert(database, _row(key, person, "N", now))


def touch(path: Path, keys: Sequence[int], now: datetime) -> None:
    """Give orders a new ``updated_at`` and nothing else, as a nightly job may do."""
    with closing(sqlite3.connect(path)) as database, database:
        database.executemany(
            "UPDATE orders SET updated_at = ? WHERE id = ?", [(_written(now), key) for key in keys]
        )


def _insert(database: sqlite3.Connection, row: Sequence[Any]) -> None:
    database.execute(f"INSERT INTO orders VALUES ({', '.join('?' * len(row))})", row)


def _row(key: int, person: Person, status: str, at: datetime) -> tuple[Any, ...]:
    phone = f"{person.phone[:3]}.{person.phone[3:6]}.{person.phone[6:]}"
    address = (f"{key % 90 + 10} Main St", "Norfolk", "VA", "23510")
    work = (status, _SERVICES[key % len(_SERVICES)], key % 9 * 450.5)
    name = (key - 4000, person.first, person.last, phone, person.email)
    return (key, *name, *work, *address, _written(at), _written(at))


def _written(at: datetime) -> str:
    return at.astimezone(_ZONE).strftime("%Y-%m-%d %H:%M:%S")
