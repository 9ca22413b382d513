"""What was guessed of a source: which column is what, and how surely."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.suggesting.columns import Column
    from sync.suggesting.dates import Times


@dataclass(frozen=True, slots=True)
class Field:
    """A standard field, and where it may come from."""

    #: The columns, the best first.
    columns: tuple[Column, ...]
    #: What is unsure about it, for a comment; empty when nothing is.
    doubt: str = ""
    #: For a name that is a part of the column's: first or last.
    part: str = ""
    #: For phones: the country of numbers without a country code; None: the default.
    region: str | None = None
    #: For times: how they are written; None: no need to say.
    format: str | None = None
    #: For a status: the values that were seen, with how often each was; empty: no table.
    values: tuple[tuple[str, int], ...] = ()
    #: Whether a value that can't be used costs only the field.
    drop: bool = False


@dataclass(frozen=True, slots=True)
class Further:
    """A column that no standard field is made of."""

    column: Column
    #: The property's name.
    name: str
    #: Why it is commented out; empty: it is not.
    reason: str = ""
    #: What stands before every value, and is taken away.
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Everything that was guessed."""

    #: How many records were looked at.
    records: int
    fields: Mapping[str, Field]
    further: Sequence[Further] = ()
    #: The columns that name a record for good; empty: there are none that could.
    key: tuple[str, ...] = ()
    #: Whether the key is named as one, rather than only having a different value in each record.
    key_is_sure: bool = True
    #: Columns that say who does not want to be written to.
    opt_outs: Sequence[Column] = ()
    #: Columns that say which leads are tests of an ad platform.
    test_flags: Sequence[Column] = ()
    #: The column by whose made-up answer a test of Meta's is known; None: it is no export of Meta's.
    meta_test: Column | None = None
    #: A column of the time of a record's last change, or else of its making.
    updated: Column | None = None
    created: Column | None = None
    #: Whether times carry no offset.
    naive_times: bool = False
    times: Mapping[str, Times] = field(default_factory=dict)
