"""From a specification to a program, with every problem of the file at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.located_yaml import ConfigError, ConfigProblem, dotted
from sync.mapping.expressions import Expression, Rejected, Template
from sync.mapping.outputs import Output, Place, compile_output
from sync.mapping.places import in_order
from sync.mapping.program import Filter, Program
from sync.mapping.text import Unfit

if TYPE_CHECKING:
    from datetime import tzinfo

    from sync.mapping.field_spec import FieldSpec
    from sync.mapping.places import Places
    from sync.mapping.spec import MappingSpec


def build(spec: MappingSpec, zone: tzinfo, places: Places) -> Program:
    """Compile a mapping.

    Raises:
        ConfigError: with all expressions, templates, constants and defaults that can't be used.

    """
    builder = _Builder(zone, places)
    where = builder.filter(spec.where)
    standard = [builder.output(("lead", name), field) for name, field in spec.lead.given().items()]
    custom = [builder.output(("custom", name), field) for name, field in spec.custom.items()]
    if builder.problems:
        raise ConfigError(in_order(builder.problems))
    found = [output for output in standard if output], [output for output in custom if output]
    return Program(*found, where, places.at("lead"))


class _Builder:
    """Compiles part after part and keeps the problems."""

    def __init__(self, zone: tzinfo, places: Places) -> None:
        self.problems: list[ConfigProblem] = []
        self._zone = zone
        self._places = places

    def filter(self, source: str | None) -> Filter | None:
        """Compile `where`."""
        if source is None:
            return None
        try:
            expression = Expression(source)
        except Rejected as error:
            self.problems.append(self._places.syntax_problem(("where",), source, error.problem))
            return None
        return Filter(expression, self._places.line("where"), self._places.at("where"))

    def output(self, path: tuple[str, str], spec: FieldSpec) -> Output | None:
        """Compile one field; None when it has a problem."""
        place = Place(path[1], dotted(path), self._places.at(*path), is_custom=path[0] == "custom")
        try:
            return compile_output(spec, place, self._zone)
        except Rejected as error:
            problem = _misspelt(path, spec, error, self._places)
        except Unfit as error:
            part = "default" if spec.value is None else "value"
            problem = self._places.problem((*path, part), str(error))
        self.problems.append(problem)
        return None


def _misspelt(path: tuple[str, str], spec: FieldSpec, error: Rejected, places: Places) -> ConfigProblem:
    source = spec.expr if spec.expr is not None else spec.template or ""
    where = (*path, "expr" if spec.expr is not None else "template")
    return places.syntax_problem(where, source, error.problem)


def syntax_problems(data: Any, places: Places) -> list[ConfigProblem]:
    """Find faulty expressions and templates in a file that is wrong in other ways as well."""
    if not isinstance(data, dict):
        return []
    found = _sources(data)
    return [problem for path, kind, source in found if (problem := _tried(path, kind, source, places))]


_Kind = type[Expression] | type[Template]
_Source = tuple[tuple[str, ...], _Kind, str]


def _sources(data: dict[str, Any]) -> list[_Source]:
    found: list[_Source] = []
    if _is_text(data.get("where")):
        found.append((("where",), Expression, data["where"]))
    for section in ("lead", "custom"):
        fields = data.get(section)
        for name, field in fields.items() if isinstance(fields, dict) else ():
            found.extend(_of_field((section, name), field))
    return found


def _of_field(path: tuple[str, str], field: Any) -> list[_Source]:
    if isinstance(field, str) and ("{{" in field or "{%" in field):
        return [(path, Template, field)]
    if not isinstance(field, dict):
        return []
    kinds: tuple[tuple[str, _Kind], ...] = (("expr", Expression), ("template", Template))
    return [((*path, name), kind, field[name]) for name, kind in kinds if _is_text(field.get(name))]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _tried(path: tuple[str, ...], kind: _Kind, source: str, places: Places) -> ConfigProblem | None:
    try:
        kind(source)
    except Rejected as error:
        return places.syntax_problem(path, source, error.problem)
    return None
