"""Queries of Dataverse's Web API (OData 4.0) as text. Nothing here does I/O."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

#: A time and the id of the last record read at it; no id: all of that time.
Place: TypeAlias = "tuple[datetime, str | None]"

#: What every change of a record moves.
MODIFIED: Final = "modifiedon"
_SECOND: Final = timedelta(seconds=1)
#: What may stand in a query as it is.
_SAFE: Final = "$(),:'=@/"


def moment(at: datetime) -> str:
    """Return a time as a literal: in UTC and whole seconds, as Dataverse keeps it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def before(at: datetime) -> str:
    """Return what is true of the records that changed before a time."""
    utc = at.astimezone(UTC)
    return f"{MODIFIED} lt {moment(utc + _SECOND if utc.microsecond else utc)}"


def after(place: Place, key: str) -> str:
    """Return what is true of the records at and behind a place, in the order of time and id.

    Args:
        place: see `Place`.
        key: the column with the id.

    """
    at = moment(place[0])
    if place[1] is None:
        return f"{MODIFIED} ge {at}"
    return f"({MODIFIED} gt {at} or ({MODIFIED} eq {at} and {key} gt {place[1]}))"


def among(column: str, values: Iterable[str]) -> str:
    """Return what is true of the records whose column has one of these values."""
    listed = json.dumps(list(values), separators=(",", ":"))
    return f"Microsoft.Dynamics.CRM.In(PropertyName='{column}',PropertyValues={listed})"


@dataclass(frozen=True, slots=True)
class Query:
    """A query of one table."""

    #: The name of its entity set.
    table: str
    #: None: all.
    columns: tuple[str, ...] | None = None
    conditions: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    limit: int | None = None

    def __str__(self) -> str:
        """Return it as the end of an address. `+` is no space here, so that nothing has to guess."""
        said = {
            "$select": ",".join(self.columns) if self.columns is not None else "",
            "$filter": " and ".join(self.conditions),
            "$orderby": ",".join(self.order),
            "$top": str(self.limit) if self.limit is not None else "",
        }
        options = "&".join(f"{name}={quote(text, _SAFE)}" for name, text in said.items() if text)
        return f"{self.table}?{options}" if options else self.table
