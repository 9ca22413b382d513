"""Where one field is compiled: what it needs to know, and where its problems go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from sync.mapping.expressions import Expression, Rejected, Template
from sync.mapping.targets import unfitting
from sync.mapping.transforming import Step, Transform, Unusable, load
from sync.mapping.zones import zone_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from sync.located_yaml import ConfigProblem
    from sync.mapping.lookups import Tables
    from sync.mapping.missing import MissingWords
    from sync.mapping.places import Places
    from sync.mapping.spec_types import Scalar


@dataclass(frozen=True)
class Workshop:
    """What all fields of a mapping are compiled with."""

    zone: tzinfo
    places: Places
    missing: MissingWords
    tables: Tables
    problems: list[ConfigProblem] = field(default_factory=list)
    transforms: dict[str, Transform] = field(default_factory=dict)

    def expression(self, path: tuple[str | int, ...], source: str) -> Expression | None:
        """Compile an expression; None when it is wrong, which is noted."""
        try:
            return Expression(source, self.missing)
        except Rejected as error:
            self.problems.append(self.places.syntax_problem(path, source, error.problem))
            return None

    def template(self, path: tuple[str | int, ...], source: str) -> Template | None:
        """Compile a template; None when it is wrong, which is noted."""
        try:
            return Template(source, self.missing)
        except Rejected as error:
            self.problems.append(self.places.syntax_problem(path, source, error.problem))
            return None

    def transform(self, name: str) -> Transform:
        """Return a transform by its name.

        Raises:
            Unusable: when there is none, or it can't be used.

        """
        if name not in self.transforms:
            self.transforms[name] = load(name)
        return self.transforms[name]


@dataclass(frozen=True)
class Desk:
    """What one field is compiled with.

    Args:
        shop: what all share.
        path: of the field, with the index of an alternative.
        target: the standard field it fills; empty for a custom property.
        name: of the property.

    """

    shop: Workshop
    path: tuple[str | int, ...]
    target: str
    name: str

    @property
    def at(self) -> str:
        """Its place in the file, empty when there is no file."""
        return self.shop.places.at(*self.path)

    def refuse(self, message: str, *part: str | int) -> None:
        """Note what is wrong with a part of the field."""
        self.shop.problems.append(self.shop.places.problem((*self.path, *part), message))

    def refuse_key(self, message: str, *part: str | int) -> None:
        """Note what is wrong with a key of the field."""
        self.shop.problems.append(self.shop.places.key_problem((*self.path, *part), message))

    def expression(self, part: str, source: str) -> Expression | None:
        """Compile the expression of a part; None when it is wrong, which is noted."""
        return self.shop.expression((*self.path, part), source)

    def template(self, source: str) -> Template | None:
        """Compile the field's template; None when it is wrong, which is noted."""
        return self.shop.template((*self.path, "template"), source)

    def use(self, index: int, name: str, options: Mapping[str, Any], *, is_last: bool) -> Step | None:
        """Compile one transform of `as`; None when it is wrong, which is noted."""
        where = self.shop.places.use(self.path, index, name)
        try:
            transform = self.shop.transform(name)
            step = transform.step(options, zone_name(self.shop.zone))
        except Unusable as error:
            self.shop.problems.append(self.shop.places.key_problem(where, str(error)))
            return None
        except ValidationError as error:
            model = self.shop.transforms[name].options
            self.shop.problems.extend(self.shop.places.validation_problems(where, error, model))
            return None
        complaint = unfitting(transform, self.target) if is_last else None
        if complaint:
            self.shop.problems.append(self.shop.places.key_problem(where, complaint))
        return step

    def table(self, part: str, spec: Any) -> Mapping[str, Scalar] | None:
        """Read the table of a lookup; None when it can't be, which is noted."""
        table, problems = self.shop.tables.of(spec, (*self.path, part), self.shop.places)
        self.shop.problems.extend(problems)
        return table.entries if table else None
