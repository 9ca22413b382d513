"""Stands in for the connection of a driver whose server can't be had here, and writes down what it is sent.

The dialect and the driver's own types and exceptions are the real ones: what is written down is what the
server would get, with its parameters, in order. The answers are a script's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True)
class Answer:
    """What a statement is answered: its columns, by name and the driver's type, and its rows."""

    columns: Sequence[tuple[str, Any]] = ()
    rows: Sequence[Sequence[Any]] = ()
    #: Of SQLAlchemy's own, which is not ours to hold: left out of what is written down.
    about_itself: bool = False


@dataclass
class Recorder:
    """Takes statements and answers them."""

    answer: Callable[[str], Answer]
    statements: list[str] = field(default_factory=list)
    #: What the driver's `connect` was given.
    arguments: dict[str, Any] = field(default_factory=dict)

    def connect(self, *_arguments: Any, **named: Any) -> Connection:
        self.arguments = named
        return Connection(self)

    def execute(self, statement: str, parameters: Any) -> Answer:
        given = self.answer(statement)
        if not given.about_itself:
            shown = f"  -- {_shown(parameters)}" if parameters else ""
            self.statements.append(" ".join(statement.split()) + shown)
        return given


class Connection:
    """A connection; any attribute that a driver's has may be set."""

    version = "23.4.0.24.05"
    stmtcachesize = 20
    max_identifier_length = 128

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    def cursor(self, *_: Any, **__: Any) -> Cursor:
        return Cursor(self.recorder)

    def commit(self) -> None:
        """Nothing is kept."""

    rollback = close = ping = commit

    def autocommit(self, _on: object) -> None:
        """Transactions are the script's."""


class Cursor:
    """A cursor."""

    rowcount = -1
    arraysize = 1

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._rows: list[Any] = []
        self.description: list[tuple[Any, ...]] | None = None

    def execute(self, statement: str, parameters: Any = None, **_: Any) -> None:
        given = self._recorder.execute(statement, parameters)
        self._rows = [tuple(row) for row in given.rows]
        self.description = [(*column, None, None, None, None, None) for column in given.columns] or None

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int = 1) -> list[Any]:
        taken, self._rows = self._rows[:size], self._rows[size:]
        return taken

    def fetchall(self) -> list[Any]:
        return self.fetchmany(len(self._rows))

    def setinputsizes(self, *_: Any, **__: Any) -> None:
        """Sizes are not sent."""

    def close(self) -> None:
        """Nothing is open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Any:
        return iter(self.fetchall())


def _shown(parameters: Any) -> str:
    if isinstance(parameters, dict):
        return ", ".join(f"{name}={value!r}" for name, value in parameters.items())
    return ", ".join(repr(value) for value in parameters)
