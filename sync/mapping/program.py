"""A whole mapping, compiled: from a record to a lead, or to why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.lead import Invalid, Lead, Problem, Skip
from sync.mapping.context import context_builder
from sync.mapping.expressions import Expression, Missing
from sync.mapping.field_spec import EMAIL, PHONE
from sync.mapping.outputs import Found, Output, Row
from sync.mapping.text import Unfit, clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sources.base import Record
    from sync.mapping.reading import Path

#: Words for yes and no. As the text of a whole `where` they'd all be true.
_WORDS = frozenset({"true", "false", "yes", "no", "y", "n", "t", "f", "on", "off", "0", "1"})


@dataclass(frozen=True, slots=True)
class Filter:
    """The `where` of a mapping."""

    expression: Expression
    #: Its line in the mapping file, as in ``mappings/crm.yaml:1``, empty when there is no file.
    line: str
    at: str

    @property
    def reason(self) -> str:
        """Why a record that fails it is skipped."""
        return f"where: {self.expression.source}" + (f" ({self.line})" if self.line else "")

    def passes(self, row: Row) -> bool:
        """Tell whether a record is to be sent.

        Raises:
            Unfit: when it fails at run time, or gives a word like "no" that is true as text.

        """
        result = self.expression.evaluate(row.fields, row.context())
        if isinstance(result, str) and result.strip().lower() in _WORDS:
            raise Unfit('gives the text of a word for yes or no; compare it, as in opted_in == "yes"')
        return bool(result)


class Program:
    """All outputs of a mapping and its filter.

    Args:
        standard: the fields of the Standard API that are mapped, in its order.
        custom: the further properties.
        where: the filter, None when there is none.
        at: the line of `lead:`.

    """

    def __init__(self, standard: list[Output], custom: list[Output], where: Filter | None, at: str) -> None:
        self.standard = standard
        self.custom = custom
        self.where = where
        self._at = at
        self._skip = Skip(where.reason) if where else None
        self._build = context_builder(self._paths())
        self._maps_id = any(output.name == "id" for output in standard)
        self._reachable_at = next((output.at for output in standard if output.name in (PHONE, EMAIL)), at)

    def _paths(self) -> Iterator[Path]:
        for output in (*self.standard, *self.custom):
            yield from output.paths
        if self.where:
            yield from self.where.expression.syntax.paths

    def run(self, record: Record) -> Lead | Skip | Invalid:
        """Make a lead of a record, or say why not. Never raises for what a record holds."""
        try:
            return self._run(record)
        except RecursionError:
            return Invalid((Problem("", "the record is nested too deeply", self._at),))

    def _run(self, record: Record) -> Lead | Skip | Invalid:
        row = Row(record.fields, self._build)
        stopped = self._filter(row)
        if stopped:
            return stopped
        notes = _Notes()
        standard = self._standard(record, row, notes)
        custom = self._custom(row, notes)
        if PHONE not in standard and EMAIL not in standard:
            notes.unreachable(self._reachable_at)
        if notes.problems:
            return Invalid(tuple(notes.problems))
        return Lead(standard, custom, tuple(notes.warnings))

    def _filter(self, row: Row) -> Skip | Invalid | None:
        if self.where is None:
            return None
        try:
            return None if self.where.passes(row) else self._skip
        except Unfit as error:
            return Invalid((Problem("where", str(error), self.where.at),))

    def _standard(self, record: Record, row: Row, notes: _Notes) -> dict[str, str]:
        found: dict[str, str] = {} if self._maps_id else _id_of(record)
        for output in self.standard:
            try:
                value = output.value(row)
            except (Unfit, Missing) as error:
                value = notes.failed(output, error)
            if isinstance(value, str):
                found[output.name] = value
            elif output.required:
                notes.wanting(output)
        return found

    def _custom(self, row: Row, notes: _Notes) -> dict[str, str]:
        found: dict[str, str] = {}
        for output in self.custom:
            try:
                value = output.value(row)
            except (Unfit, Missing) as error:
                value = notes.failed(output, error)
            if type(value) is str and output.name not in found:
                found[output.name] = value
            elif value is not None:
                notes.put(found, output, value)
            elif output.required:
                notes.wanting(output)
        return found


def _id_of(record: Record) -> dict[str, str]:
    key = clean(record.key)
    return {"id": key} if key else {}


class _Notes:
    """What goes wrong while one record is mapped."""

    __slots__ = ("problems", "warnings")

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def failed(self, output: Output, error: Unfit | Missing) -> str | None:
        """Note why an output has no value; return its default where that stands in."""
        if isinstance(error, Missing):
            return self._incomplete(output, error)
        if output.drops and not output.required:
            self.warnings.append(Problem(output.path, f"left out: {error}", output.at))
        else:
            self.problems.append(Problem(output.path, str(error), output.at))
        return None

    def _incomplete(self, output: Output, error: Missing) -> str | None:
        if output.default is None and not output.required:
            message = f"left out, since a part of the template is not there: {error}"
            self.warnings.append(Problem(output.path, message, output.at))
        return output.default

    def wanting(self, output: Output) -> None:
        """Note that a required output is empty, unless it was said why already."""
        if not any(problem.path == output.path for problem in self.problems):
            self.problems.append(Problem(output.path, "is required, and there is nothing", output.at))

    def unreachable(self, at: str) -> None:
        """Note that there is no way to reach the person, unless it was said why already."""
        said = {f"lead.{PHONE}", f"lead.{EMAIL}"}
        if not any(problem.path in said for problem in self.problems):
            self.problems.append(Problem("lead", "neither phoneNumber nor email", at))

    def put(self, found: dict[str, str], output: Output, value: Found) -> None:
        """Add a custom property, or the parts of one; no name may mean two things."""
        parts = value if isinstance(value, dict) else {output.name: value or ""}
        for name in parts.keys() & found.keys():
            if parts[name] != found[name]:
                message = f"gives another value to {name} than a property before it"
                self.problems.append(Problem(output.path, message, output.at))
        found.update(parts)
