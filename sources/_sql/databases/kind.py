"""What has to be known of a kind of database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import timedelta
    from pathlib import Path

    from sqlalchemy import Select
    from sqlalchemy.engine import URL, Connection, Engine
    from sqlalchemy.types import TypeEngine

    from sources._sql.refusal import Refusal

#: Makes an engine of a URL, the directory of connector.yaml, and how long an answer may take.
MakeEngine: TypeAlias = "Callable[[URL, Path, timedelta], Engine]"


def _as_they_are(_type: Any) -> None:
    """Return nothing: columns of any type are selected and compared as they are."""


def _by_class(_error: Any) -> Refusal | None:
    """Return nothing: exceptions have the shape that PostgreSQL's drivers give them."""
    return None


@dataclass(frozen=True, slots=True)
class DatabaseKind:
    """A kind of database. A *type* is what the driver calls the type of a column."""

    engine: MakeEngine
    #: The statement that tells what time it is at the database: an instant, or a time in UTC without a zone.
    clock: str
    #: What a column of a type holds; see `native_kind`.
    holds: Callable[[Any], str]
    #: How a cursor of a type is selected and compared, where it can't travel as it is.
    cursor_type: Callable[[Any], TypeEngine[Any] | None] = _as_they_are
    #: How any other column of a type is selected, where the driver would not give all of it.
    field_type: Callable[[Any], TypeEngine[Any] | None] = _as_they_are
    #: What an exception comes to; None where its shape is not known.
    refused: Callable[[Any], Refusal | None] = _by_class
    #: The modules of exceptions that the driver lets through as they are.
    raises: tuple[str, ...] = ()
    #: Asks for the types of a statement's columns, where the driver does not tell them apart.
    types: Callable[[Connection, Select[Any]], Sequence[Any]] | None = None
    #: The first statement of each transaction.
    begin: str | None = None
    #: Whether a name that is quoted means exactly itself; else names in lower case mean any case.
    exact: bool = True
    #: Whether it has indexes that a poll could use.
    indexed: bool = True
