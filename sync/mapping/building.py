"""From a specification to a program, with every problem of the file at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from sync.lead import FIELDS
from sync.located_yaml import ConfigError, dotted
from sync.mapping.desk import Desk, Workshop
from sync.mapping.field_spec import FieldSpec
from sync.mapping.filters import Filter
from sync.mapping.outputs import Output, Place, output_of
from sync.mapping.pipeline import compile_field
from sync.mapping.places import in_order
from sync.mapping.program import Program

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.located_yaml import ConfigProblem
    from sync.mapping.spec import MappingSpec


def build(spec: MappingSpec, shop: Workshop) -> Program:
    """Compile a mapping.

    Raises:
        ConfigError: with all expressions, templates, transforms, tables and constants that can't be used.

    """
    where = _filter(spec, shop)
    outputs = [output(path, specs, shop) for path, specs in spec.fields().items()]
    _refuse_clashes(spec, shop)
    if shop.problems:
        raise ConfigError(in_order(shop.problems))
    found = [each for each in outputs if each]
    standard, custom = found[: len(spec.lead.given())], found[len(spec.lead.given()) :]
    return Program(standard, custom, where, shop.missing, shop.places.at("lead"))


def _filter(spec: MappingSpec, shop: Workshop) -> Filter | None:
    expression = None if spec.where is None else shop.expression(("where",), spec.where)
    if expression is None:
        return None
    return Filter(expression, shop.places.line("where"), shop.places.at("where"))


def output(path: tuple[str, str], specs: Sequence[FieldSpec], shop: Workshop) -> Output | None:
    """Compile one property; None when something is wrong with it, which is noted."""
    section, name = path
    target = name if section == "lead" else ""
    whole: list[tuple[str | int, ...]] = (
        [path]
        if len(specs) == 1 and not shop.places.is_list(path)
        else [(*path, i) for i in range(len(specs))]
    )
    found = [compile_field(spec, Desk(shop, at, target, name)) for spec, at in zip(specs, whole, strict=True)]
    choices = [choice for choice in found if choice]
    if len(choices) < len(specs):
        return None
    further = tuple(spec.extension for spec in specs if spec.extension)
    return output_of(Place(name, dotted(path), shop.places.at(*path)), choices, further)


def _refuse_clashes(spec: MappingSpec, shop: Workshop) -> None:
    """Refuse to keep an extension under a name that is taken."""
    specs = spec.lead.given().get("phoneNumber", ())
    for index, each in enumerate(specs):
        taken = each.extension in spec.custom or each.extension in (*FIELDS, "source")
        if each.extension and taken:
            at = ("lead", "phoneNumber", *((index,) if len(specs) > 1 else ()), "extension")
            shop.problems.append(shop.places.problem(at, f"there is a property {each.extension} already"))


def further_problems(data: Any, shop: Workshop) -> list[ConfigProblem]:
    """Find what else is wrong in a file of which some fields can't even be read."""
    if not isinstance(data, dict):
        return []
    if _is_text(data.get("where")):
        shop.expression(("where",), data["where"])
    for section in ("lead", "custom"):
        fields = data.get(section)
        for name, field in fields.items() if isinstance(fields, dict) else ():
            if section == "custom" or name in FIELDS:
                _look_at((section, str(name)), field, shop)
    return shop.problems


def _look_at(path: tuple[str, str], field: Any, shop: Workshop) -> None:
    """Compile the fields of a property that can be read; of any other look at its expressions."""
    parts = (
        [((*path, i), each) for i, each in enumerate(field)] if isinstance(field, list) else [(path, field)]
    )
    for at, part in parts:
        try:
            spec = FieldSpec.model_validate(part)
        except ValidationError:
            _syntax(at, part, shop)
        else:
            compile_field(spec, Desk(shop, at, path[1] if path[0] == "lead" else "", path[1]))


def _syntax(path: tuple[str | int, ...], field: Any, shop: Workshop) -> None:
    if not isinstance(field, dict):
        return
    for name in ("expr", "when"):
        if _is_text(field.get(name)):
            shop.expression((*path, name), field[name])
    if _is_text(field.get("template")):
        shop.template((*path, "template"), field["template"])


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
