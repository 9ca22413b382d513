"""PostgreSQL knows times that Python does not: infinity, years before 1 and after 9999, 24 o'clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import DataError
from psycopg.types.datetime import (
    DateLoader,
    IntervalLoader,
    TimeLoader,
    TimestampLoader,
    TimestamptzLoader,
    TimetzLoader,
)

if TYPE_CHECKING:
    from psycopg.abc import Buffer
    from psycopg.adapt import Loader


def read_dates_beyond_python(connection: Any) -> None:
    """Have such a value read as its text, so that the other rows of its page can be read."""
    for name, loader in (
        ("date", DateLoader),
        ("timestamp", TimestampLoader),
        ("timestamptz", TimestamptzLoader),
        ("time", TimeLoader),
        ("timetz", TimetzLoader),
        ("interval", IntervalLoader),
    ):
        connection.adapters.register_loader(name, _lenient(loader))


def _lenient(strict: type[Loader]) -> type[Loader]:
    class Lenient(strict):  # type: ignore[misc, valid-type] # the class is given
        """Reads what the strict loader can, and the rest as text."""

        def load(self, data: Buffer) -> Any:
            try:
                return super().load(data)
            except DataError:
                return bytes(data).decode()

    return Lenient
