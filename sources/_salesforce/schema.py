"""What an object has: its fields and relationships, as `describe` tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Fields whose values are files; a query of many records refuses them.
_UNREADABLE = frozenset({"base64"})
_TIMES = frozenset({"datetime"})


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of an object that our user may see."""

    object: str
    #: What describe says of each field, by name.
    fields: Mapping[str, Mapping[str, Any]]
    #: Names of relationships to parents, each with the objects it may lead to.
    parents: Mapping[str, tuple[str, ...]]

    @property
    def readable(self) -> list[str]:
        """Names of the fields that a query can give."""
        return [name for name, told in self.fields.items() if told.get("type") not in _UNREADABLE]

    @property
    def names(self) -> list[str]:
        """What may stand at the top of a record: fields, and the objects above it."""
        return [*self.readable, *self.parents]

    @property
    def times(self) -> list[str]:
        """Names of the fields by which changes can be found."""
        return [
            name
            for name, told in self.fields.items()
            if told.get("type") in _TIMES and told.get("filterable") and told.get("sortable")
        ]


def schema_of(data: Any) -> Schema:
    """Return what a describe says."""
    told = data if isinstance(data, dict) else {}
    fields = {str(field["name"]): field for field in told.get("fields") or [] if field.get("name")}
    parents = {
        str(field["relationshipName"]): tuple(field.get("referenceTo") or ())
        for field in fields.values()
        if field.get("relationshipName")
    }
    return Schema(str(told.get("name") or ""), fields, parents)
