"""Tables: what each is called, which column holds its id, and what columns there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

#: Behind the name of a column, what stands there as people see it: the word for a number of a choice.
TEXT: Final = "@text"
#: The ends of types whose values have no other text than themselves.
_PLAIN: Final = frozenset({"StringType", "MemoType", "UniqueidentifierType", "ImageType", "FileType"})
#: Lookups: the id of another record, under a name of its own.
_LOOKUPS: Final = frozenset({"LookupType", "OwnerType", "CustomerType"})
#: No columns of the Web API.
_HIDDEN: Final = frozenset(
    {"VirtualType", "CalendarRulesType", "PartyListType", "ManagedPropertyType", "EntityNameType"}
)
_IMAGE: Final = "entityimage"


@dataclass(frozen=True, slots=True)
class Table:
    """What a table is called."""

    #: In addresses, as in ``leads``.
    entity_set: str
    #: Everywhere else, as in ``lead``.
    logical: str
    #: The column with the id.
    id: str


#: Those for which nobody needs to be asked.
_KNOWN: Final = {
    "leads": Table("leads", "lead", "leadid"),
    "contacts": Table("contacts", "contact", "contactid"),
    "accounts": Table("accounts", "account", "accountid"),
    "opportunities": Table("opportunities", "opportunity", "opportunityid"),
}


def known(name: str) -> Table | None:
    """Return a table that every environment calls the same; None for others."""
    return next((each for each in _KNOWN.values() if name in (each.entity_set, each.logical)), None)


@dataclass(frozen=True, slots=True)
class Schema:
    """A table with its columns."""

    table: Table
    #: The type of each column, by the name that it has in records: ``_ownerid_value`` for a lookup.
    columns: Mapping[str, str]
    #: Those under column-level security: for users whom no profile lets read them they are empty, or masked.
    secured: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """What may stand in a record."""
        texts = [f"{name}{TEXT}" for name, kind in self.columns.items() if kind not in _PLAIN]
        return [*self.columns, *texts]

    def unknown(self, names: Collection[str]) -> list[str]:
        """Return those of the columns that the table does not have."""
        return [name for name in names if name not in self.columns]


def table_of(told: Mapping[str, Any]) -> Table:
    """Return what a definition calls its table."""
    return Table(str(told["EntitySetName"]), str(told["LogicalName"]), str(told["PrimaryIdAttribute"]))


def schema_of(told: Mapping[str, Any]) -> Schema:
    """Return what a definition says."""
    found = [(each, column) for each in told["Attributes"] if (column := _column(each)) is not None]
    secured = sorted(name for each, (name, _) in found if each.get("IsSecured") is True)
    return Schema(table_of(told), dict(column for _, column in found), tuple(secured))


def _column(told: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return a column's name in records, and its type; None when records have no such column."""
    name, kind = str(told["LogicalName"]), str((told.get("AttributeTypeName") or {}).get("Value"))
    is_part = told.get("AttributeOf") is not None and not name.startswith(_IMAGE)
    if told.get("IsValidForRead") is False or kind in _HIDDEN or is_part:
        return None
    return (f"_{name}_value" if kind in _LOOKUPS else name), kind
