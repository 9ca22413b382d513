"""`preview`: live records, and what the mapping makes of each. Needs no state store."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sources.base import KnowsFields
from sync.created import too_old
from sync.lead import Invalid, Lead, Skip
from sync.runtime.columns import columns_of
from sync.runtime.making import using
from sync.runtime.sampling import sample

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from sources.base import Record
    from sources.errors import BadRecord
    from sync.config import Config, SourceConfig
    from sync.runtime.sampling import Choice

    Outcome: TypeAlias = Lead | Skip | Invalid

#: What may become of a record, as ``--only`` and a preview say it.
KINDS: dict[str, type[Lead | Skip | Invalid]] = {"goes": Lead, "skipped": Skip, "invalid": Invalid}


@dataclass(frozen=True, slots=True)
class Preview:
    """What a source gives, and what becomes of it."""

    records: Sequence[tuple[Record, Outcome]] = ()
    #: Items that could not be made a record of.
    bad: Sequence[BadRecord] = ()
    #: What is to be told of the mapping, and what the source said.
    notes: Sequence[str] = ()
    #: Records that were read to find these.
    read: int = 0
    #: What the source itself said.
    said: Sequence[str] = ()
    #: The columns that the source has; None when it can't say.
    columns: Sequence[str] | None = None

    @property
    def needs_you(self) -> bool:
        """Whether something in it can't be used."""
        return bool(self.bad) or any(isinstance(outcome, Invalid) for _, outcome in self.records)


async def preview(config: Config, source: SourceConfig, choice: Choice) -> Preview:
    """Read the records of a source that are chosen, and map them.

    Raises:
        SourceError: when it can't be read; BadConfig also when it lacks a column that the mapping names.

    """
    async with using(config, source) as adapter:
        columns = await columns_of(source.mapping, adapter) if isinstance(adapter, KnowsFields) else None
        found = await sample(adapter, choice, lambda record: kind_of(outcome_of(source, record)))
    records = [(each, outcome_of(source, each)) for each in found.records]
    told = Preview(records, found.bad, read=found.read, said=found.notes, columns=columns)
    return replace(told, notes=_notes(told, source))


def mapped_again(found: Preview, source: SourceConfig) -> Preview:
    """Return the same records, with what a mapping that was edited makes of them."""
    again = [(each, outcome_of(source, each)) for each, _ in found.records]
    return replace(found, records=again, notes=_notes(found, source))


def _notes(found: Preview, source: SourceConfig) -> list[str]:
    """Return what is to be told of the mapping in force, and what the source said when it was read."""
    doubts = source.mapping.doubtful_names(found.columns) if found.columns is not None else []
    vain = [source.vain_filter] if source.vain_filter else []
    return [*vain, *map(str, doubts), *found.said]


def outcome_of(source: SourceConfig, record: Record) -> Outcome:
    """Map a record; whether the endpoint has it already is not known here."""
    outcome = source.mapping.apply(record)
    old = too_old(outcome, source.options.created_after) if isinstance(outcome, Lead) else None
    return Skip(f"{old}, unless the endpoint has it already") if old else outcome


def kind_of(outcome: Outcome) -> str:
    """Return ``goes``, ``skipped`` or ``invalid``."""
    return next(name for name, kind in KINDS.items() if isinstance(outcome, kind))
