"""Where each property of a lead came from: the line of the mapping, and the columns it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.lead import Lead
    from sync.mapping.outputs import Output
    from sync.mapping.reading import Path

#: Stands among columns for an expression that takes the record as a whole.
WHOLE = "record"


@dataclass(frozen=True, slots=True)
class CameFrom:
    """Where one property came from."""

    #: As in ``mappings/crm.yaml:7:16``; empty for what no line says, as the record's key for `id`.
    at: str = ""
    #: Columns and dotted paths, in the order they are named; those of templates in alphabetical order.
    columns: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The file and the line only, as in ``mappings/crm.yaml:7``."""
        return self.at.rpartition(":")[0]


class Provenance:
    """Says of a mapping's properties where they come from.

    Args:
        outputs: the mapping's properties, standard and custom.

    """

    def __init__(self, outputs: Iterable[Output]) -> None:
        self._by_name = {output.name: CameFrom(output.at, columns_of(output)) for output in outputs}

    def of(self, name: str) -> CameFrom:
        """Return where a property came from; a part as ``car.color`` came from where ``car`` did."""
        whole = name
        while whole not in self._by_name and "." in whole:
            whole = whole.rpartition(".")[0]
        return self._by_name.get(whole, CameFrom())

    def of_lead(self, lead: Lead) -> dict[str, CameFrom]:
        """Return the same for all that a lead says, by the property's name."""
        return {name: self.of(name) for name in (*lead.standard, *lead.custom)}


def columns_of(output: Output) -> tuple[str, ...]:
    """Return the columns and dotted paths that a property is made of."""
    read = sorted(map(dotted_path, output.paths))
    return tuple(dict.fromkeys((*output.columns, *read)))


def dotted_path(path: Path) -> str:
    """Return what an expression reads the way a person names it."""
    return ".".join(path) if path else WHOLE
