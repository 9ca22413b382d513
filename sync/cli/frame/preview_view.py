"""A previewed record as it is shown: its values, and its lead with where each part came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sync.lead import Invalid, Lead, Skip
from sync.mapping.leaves import Reach, leaves, written
from sync.mapping.provenance import CameFrom, Provenance
from sync.runtime.previewing import kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources.base import Record
    from sync.mapping import Mapping
    from sync.runtime.previewing import Outcome, Preview

#: Characters of a value that are shown.
_LONGEST = 200
#: Columns that nothing reads are shown while there are as few.
_FEW = 4

NEW, CHANGED, GONE = "new", "changed", "gone"


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the record."""

    name: str
    text: str
    #: Whether the mapping reads it.
    is_read: bool


@dataclass(frozen=True, slots=True)
class Property:
    """A property of the lead."""

    name: str
    text: str
    came_from: CameFrom
    #: What has become of it since the last save: new, changed, gone, or nothing.
    mark: str = ""
    #: What it said before, where it has changed.
    before: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Why a record does not go, or what was left out of it."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class View:
    """One record and what becomes of it."""

    key: str
    where: str
    #: goes, skipped or invalid.
    kind: str
    values: Sequence[Value]
    #: Values that nothing reads and that are not among `values`.
    unread: int
    properties: Sequence[Property] = ()
    remarks: Sequence[Remark] = field(default=())
    #: The kind before the last save, where that was another.
    was: str = ""


def views(found: Preview, mapping: Mapping, before: Preview | None = None) -> list[View]:
    """Return all records of a preview.

    Args:
        found: the preview.
        mapping: what made it.
        before: the same records as they were before the last save; None: there was none.

    """
    origins = Provenance(mapping.outputs)
    earlier: list[Outcome | None] = [outcome for _, outcome in before.records] if before else []
    earlier += [None] * (len(found.records) - len(earlier))
    pairs = zip(found.records, earlier, strict=False)
    return [_view(record, outcome, old, (mapping, origins)) for (record, outcome), old in pairs]


def _view(record: Record, outcome: Outcome, old: Outcome | None, made_by: tuple[Mapping, Provenance]) -> View:
    mapping, origins = made_by
    properties = _properties(outcome, old, origins) if isinstance(outcome, Lead) else []
    values, unread = _values(record, Reach(mapping, record.fields), len(properties))
    kind, was = kind_of(outcome), kind_of(old) if old is not None else ""
    return View(
        record.key,
        record.where,
        kind,
        values,
        unread,
        properties,
        remarks(outcome),
        "" if was == kind else was,
    )


def _values(record: Record, reach: Reach, beside: int) -> tuple[list[Value], int]:
    """Return the values to show, those that are read first, and the number of those left out."""
    found = [Value(written(way), shortened(value), reach.covers(way)) for way, value in leaves(record.fields)]
    read = [each for each in found if each.is_read]
    others = [each for each in found if not each.is_read]
    room = max(_FEW, beside - len(read))
    shown = others if len(others) <= room else others[: room - 1]
    return [*read, *shown], len(others) - len(shown)


def _properties(lead: Lead, old: Outcome | None, origins: Provenance) -> list[Property]:
    now, then = said(lead), said(old) if isinstance(old, Lead) else None
    found = [_property(name, text, then, origins) for name, text in now.items()]
    gone = [name for name in then or {} if name not in now]
    return found + [
        Property(name, shortened((then or {})[name]), origins.of(_bare(name)), GONE) for name in gone
    ]


def _property(name: str, text: str, then: dict[str, str] | None, origins: Provenance) -> Property:
    mark = before = ""
    if then is not None and name not in then:
        mark = NEW
    elif then is not None and then[name] != text:
        mark, before = CHANGED, shortened(then[name])
    return Property(name, shortened(text), origins.of(_bare(name)), mark, before)


def said(lead: Lead) -> dict[str, str]:
    """Return what a lead says, custom properties as ``custom.plan``."""
    return {**lead.standard, **{f"custom.{name}": text for name, text in lead.custom.items()}}


def _bare(name: str) -> str:
    return name.removeprefix("custom.")


def remarks(outcome: Outcome) -> list[Remark]:
    """Return why a record does not go, or what was left out of it, each with its place."""
    if isinstance(outcome, Skip):
        return [Remark("", outcome.reason)]
    problems = outcome.problems if isinstance(outcome, Invalid) else outcome.warnings
    return [Remark(each.at, f"{each.path}: {each.message}".removeprefix(": ")) for each in problems]


def shortened(value: Any) -> str:
    """Return a value's text, not longer than anyone reads."""
    text = "" if value is None else str(value)
    return f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text
