"""Tables of Dataverse for tests: their columns, and what metadata says of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

_LOOKUPS: Final = ("LookupType", "OwnerType", "CustomerType")


def id_of(number: int, of: str = "lead") -> str:
    """Return the id of a row by its number. Ids are in no order that a number would tell."""
    return str(uuid5(NAMESPACE_URL, f"{of}/{number}"))


@dataclass
class Entity:
    """A table: the types of its columns, by the names that they have in rows."""

    logical: str
    entity_set: str
    id: str
    columns: dict[str, str]
    #: The texts of choices, by column and number; those of lookups, by column and id.
    texts: dict[str, dict[Any, str]] = field(default_factory=dict)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Columns under column-level security.
    secured: set[str] = field(default_factory=set)

    def definition(self) -> dict[str, Any]:
        """Return what metadata says of the table."""
        names = {"LogicalName": self.logical, "EntitySetName": self.entity_set}
        told = {**names, "PrimaryIdAttribute": self.id, "MetadataId": id_of(0, self.logical)}
        return {**told, "Attributes": self.attributes()}

    def attributes(self) -> list[dict[str, Any]]:
        """Return what metadata says of the columns, and of the names that stand beside them there only."""
        told = [
            {**_attribute(_plain(name, kind), kind), "IsSecured": name in self.secured}
            for name, kind in self.columns.items()
        ]
        return [*told, *(_attribute(f"{name}name", "VirtualType", of=name) for name in self.texts)]


def leads(**further: str) -> Entity:
    """Return the table of leads."""
    columns = {
        "leadid": "UniqueidentifierType",
        "firstname": "StringType",
        "lastname": "StringType",
        "emailaddress1": "StringType",
        "telephone1": "StringType",
        "description": "MemoType",
        "leadsourcecode": "PicklistType",
        "statecode": "StateType",
        "statuscode": "StatusType",
        "donotphone": "BooleanType",
        "_ownerid_value": "OwnerType",
        "_campaignid_value": "LookupType",
        "createdon": "DateTimeType",
        "modifiedon": "DateTimeType",
    }
    states = {"statecode": {0: "Open", 1: "Qualified", 2: "Disqualified"}}
    reasons = {"statuscode": {1: "New", 2: "Contacted", 3: "Qualified", 4: "Lost"}}
    return Entity("lead", "leads", "leadid", {**columns, **further}, {**states, **reasons})


def contacts() -> Entity:
    """Return the table of contacts."""
    text = dict.fromkeys(("firstname", "lastname", "emailaddress1", "mobilephone"), "StringType")
    kinds = {"contactid": "UniqueidentifierType", "statecode": "StateType", "modifiedon": "DateTimeType"}
    return Entity("contact", "contacts", "contactid", {**kinds, **text})


def _plain(name: str, kind: str) -> str:
    return name.removeprefix("_").removesuffix("_value") if kind in _LOOKUPS else name


def _attribute(name: str, kind: str, of: str | None = None) -> dict[str, Any]:
    told = {"LogicalName": name, "AttributeOf": of, "AttributeTypeName": {"Value": kind}}
    return {**told, "IsValidForRead": True, "MetadataId": id_of(0, name)}
