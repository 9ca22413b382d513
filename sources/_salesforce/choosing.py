"""From the names that a mapping reads to what a query selects.

Whether `Owner.Name` is a field of a parent, and `Address.city` a part of a field, only `describe` knows. A
call for that in each poll would be a waste, so it is guessed from the names, and looked up when Salesforce
does not understand the guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sources._wording import did_you_mean
from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sources._salesforce.schema import Schema

_PATH = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)*")
_MAPPING = "mapping"


def guessed(reads: frozenset[str]) -> list[str] | None:
    """Return what to select, by the names alone; None when they can't all be Salesforce's."""
    below = _below(reads)
    if not all(_PATH.fullmatch(name) for name in reads):
        return None
    chosen: list[str] = []
    for name, parts in below.items():
        chosen += parts if parts and not name.endswith(("__c", "Address")) else [name]
    return chosen


def chosen_from(reads: frozenset[str] | None, schema: Schema) -> list[str]:
    """Return what to select, by what the object has.

    Raises:
        BadConfig: names what it does not have.

    """
    if reads is None:
        return schema.readable
    chosen: list[str] = []
    problems: list[str] = []
    for name, parts in _below(reads).items():
        if name in schema.fields:
            chosen.append(name)
        elif name in schema.parents and parts:
            chosen += parts
        else:
            problems.append(_problem(name, schema))
    if problems:
        raise BadConfig("; ".join(problems), _MAPPING)
    return chosen


@dataclass(frozen=True, slots=True)
class Selection:
    """What a query selects."""

    fields: tuple[str, ...]
    #: Of these, what the mapping reads.
    chosen: tuple[str, ...]

    @classmethod
    def of(cls, always: Iterable[str], chosen: Iterable[str]) -> Selection:
        """Take all of them once: a field that is selected twice is an error, whatever its case."""
        wanted = tuple(chosen)
        found: dict[str, str] = {}
        for name in (*always, *wanted):
            found.setdefault(name.casefold(), name)
        return cls(tuple(found.values()), wanted)

    def misspelt(self, row: Mapping[str, Any]) -> tuple[str, str] | None:
        """Return a field that comes in another case, which SOQL does not mind, and what to say of it."""
        for path in (*self.fields, *self.chosen):
            parent: Any = row
            for part in path.split("."):
                if not isinstance(parent, dict):  # an empty parent
                    break
                if part not in parent:
                    guess = did_you_mean(part, list(parent))
                    return path, f"there is no {path}{guess}; upper and lower case count"
                parent = parent[part]
        return None


def _below(reads: Iterable[str]) -> dict[str, list[str]]:
    """Return the top-level names, each with the dotted names that begin with it."""
    found: dict[str, list[str]] = {name: [] for name in sorted(reads) if not _is_part(name)}
    for name in sorted(reads):
        if _is_part(name):
            found.setdefault(_top(name), []).append(name)
    return {
        name: [part for part in parts if "[" not in part and not _has_more(part, parts)]
        for name, parts in found.items()
    }


def _is_part(name: str) -> bool:
    return bool(re.match(r"\w+[.\[]", name))


def _top(name: str) -> str:
    return re.split(r"[.\[]", name, maxsplit=1)[0]


def _has_more(name: str, names: Iterable[str]) -> bool:
    """Tell whether a name only leads to longer ones."""
    return any(other.startswith(f"{name}.") for other in names)


def _problem(name: str, schema: Schema) -> str:
    if name in schema.parents:
        return f"{name} is a record of its own: name a field of it, as in {name}.Name"
    guess = did_you_mean(name, schema.names)
    return f"{schema.object} has no field {name}{guess} that this user may see"
