"""A whole mapping, compiled: from a record to a lead, or to why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.lead import Invalid, Lead, Problem, Skip
from sync.mapping.context import context_builder
from sync.mapping.filling import fills
from sync.mapping.notes import put, unreachable
from sync.mapping.rows import Row
from sync.mapping.targets import EMAIL, PHONE
from sync.mapping.text import Unfit, clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sources.base import Record
    from sync.mapping.filters import Filter
    from sync.mapping.missing import MissingWords
    from sync.mapping.outputs import Output
    from sync.mapping.reading import Path


class Program:
    """All outputs of a mapping and its filter.

    Args:
        standard: the fields of the Standard API that are mapped, in its order.
        custom: the further properties.
        where: the filter, None when there is none.
        missing: the words that count as nothing.
        at: the line of `lead:`.

    """

    def __init__(
        self,
        standard: list[Output],
        custom: list[Output],
        where: Filter | None,
        missing: MissingWords,
        at: str,
    ) -> None:
        self.standard = standard
        self.custom = custom
        self.where = where
        self._at = at
        self._skip = Skip(where.reason) if where else None
        self._build = context_builder(self._paths(), missing)
        self._fill_standard = fills(standard, missing)
        self._fill_custom = fills(custom, missing)
        self._maps_id = any(output.name == "id" for output in standard)
        self._reachable_at = next((output.at for output in standard if output.name in (PHONE, EMAIL)), at)

    def _paths(self) -> Iterator[Path]:
        for output in (*self.standard, *self.custom):
            yield from output.paths
        if self.where:
            yield from self.where.expression.syntax.paths

    def run(self, record: Record) -> Lead | Skip | Invalid:
        """Make a lead of a record, or say why not. Never raises for what a record holds."""
        row = Row(record.fields, self._build)
        try:
            stopped = self._filter(row) if self.where is not None else None
            return stopped or self._run(record, row)
        except RecursionError:
            return Invalid((Problem("", "the record is nested too deeply", self._at),))

    def _run(self, record: Record, row: Row) -> Lead | Invalid:
        standard: dict[str, str] = {} if self._maps_id else _id_of(record)
        custom: dict[str, str] = {}
        for fill in self._fill_standard:
            fill(row, standard)
        for fill in self._fill_custom:
            fill(row, custom)
        if row.further:
            self._add_further(row, custom)
        if PHONE not in standard and EMAIL not in standard:
            unreachable(row, self._reachable_at)
        if row.problems:
            return Invalid(tuple(row.problems))
        return Lead(standard, custom, tuple(row.warnings)) if row.warnings else Lead(standard, custom)

    def _filter(self, row: Row) -> Skip | Invalid | None:
        if self.where is None:
            return None
        try:
            return None if self.where.passes(row) else self._skip
        except Unfit as error:
            return Invalid((Problem("where", str(error), self.where.at),))

    def _add_further(self, row: Row, custom: dict[str, str]) -> None:
        """Add what a field gives besides its own property."""
        further = row.further or {}
        for output in self.standard:
            given = {name: further[name] for name in output.further if name in further}
            if given:
                put(row, custom, output, given)


def _id_of(record: Record) -> dict[str, str]:
    key = clean(record.key)
    return {"id": key} if key else {}
