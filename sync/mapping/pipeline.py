"""One field, compiled: from where its value comes, step by step, to the form in which it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sync.mapping.filters import holds
from sync.mapping.normalising import Normaliser, normaliser_of, text_found
from sync.mapping.origins import Origin, origin_of
from sync.mapping.quick import noting_value, plain_text, plain_value, tabled_value
from sync.mapping.several import Noted
from sync.mapping.steps import (
    NOTHING,
    Step,
    chain,
    each,
    in_ranges,
    joining,
    looking_up,
    of_present,
    picking,
    splitting,
)
from sync.mapping.steps import unlisted as unlisted_step
from sync.mapping.table_keys import Range, range_of
from sync.mapping.targets import NOTED, misplaced
from sync.mapping.text import Unfit, clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.mapping.desk import Desk
    from sync.mapping.expressions import Expression
    from sync.mapping.field_spec import FieldSpec
    from sync.mapping.reading import Path
    from sync.mapping.rows import Found, Row, Worked


@dataclass(frozen=True, slots=True)
class Choice:
    """One field of a property that may have alternatives."""

    value: Worked
    default: str | None
    required: bool
    drops: bool
    at: str
    columns: tuple[str, ...]
    named_at: tuple[tuple[str | int, ...], ...]
    paths: frozenset[Path]
    #: The column whose text it is, when it is nothing but that.
    plain: str | None = None


def compile_field(spec: FieldSpec, desk: Desk) -> Choice | None:
    """Compile one field; None when something is wrong with it, which is noted at the desk."""
    before = len(desk.shop.problems)
    for name, message in misplaced(spec, desk.target):
        desk.refuse(message, name)
    origin = Origin(lambda _row: None) if _is_constant(spec) else origin_of(spec, desk)
    when = desk.expression("when", spec.when) if spec.when is not None else None
    head, tail = _steps(spec, desk)
    if len(desk.shop.problems) > before or origin is None:
        return None
    finish = normaliser_of(spec, desk.target, desk.name, desk.shop)
    if spec.join is not None:
        finish = joining(spec.join, finish)
    default = _default(spec, finish, desk)
    entries = _ready(spec, tail, finish, desk)
    step = chain((*head, *tail))
    if step is not None or spec.join is not None:
        step = of_present(step, desk.shop.missing)
    value = _value(spec, origin, step, finish, default, desk)
    if len(head) == 1 and entries:
        value = tabled_value(spec, value, entries)
    return _choice(spec, desk, origin, value, when, default)


def _is_constant(spec: FieldSpec) -> bool:
    return spec.value is not None


def _choice(
    spec: FieldSpec,
    desk: Desk,
    origin: Origin,
    value: Worked,
    when: Expression | None,
    default: str | None,
) -> Choice:
    return Choice(
        value=value if when is None else _conditional(value, when, required=spec.required),
        default=default if when is None else None,
        required=spec.required and when is None,
        drops=spec.if_invalid == "drop" and not spec.required,
        at=desk.at,
        columns=origin.columns,
        named_at=tuple((*desk.path[2:], *part) for part in origin.named_at),
        paths=origin.paths | (when.syntax.paths if when else frozenset()),
        plain=None if when or spec.required else plain_text(spec, desk.target),
    )


def _steps(spec: FieldSpec, desk: Desk) -> tuple[list[Step], list[Step]]:
    """Return the steps up to the table of `values`, and those behind it."""
    head: list[Step] = []
    if spec.split is not None:
        head.append(splitting(spec.split, desk.shop.missing))
    if spec.pick is not None:
        head.append(picking(spec.pick))
    if spec.lookup is not None:
        entries = desk.table("lookup", spec.lookup)
        head.append(each(looking_up(entries or {}, _unlisted(spec, "drop", "in the file of its lookup"))))
    if spec.values is not None:
        head.append(each(_table(spec, desk)))
    uses = [(name, options) for use in spec.as_ for name, options in use.items()]
    found = [
        desk.use(index, name, options, is_last=index == len(uses) - 1)
        for index, (name, options) in enumerate(uses)
    ]
    return head, [each(step) for step in found if step]


def _table(spec: FieldSpec, desk: Desk) -> Step:
    entries = spec.values or {}
    for name in entries:
        if desk.shop.missing.mean(name):
            desk.refuse_key(
                f"{name} counts as nothing and never gets here; say default: instead, or list other words "
                "under missing:",
                *("values", name),
            )
    ranges = _ranges(spec, desk)
    unlisted = _unlisted(spec, "keep", "under values")
    texts = {name: value for name, value in entries.items() if name not in ranges}
    return looking_up(texts, in_ranges([(span, entries[name]) for name, span in ranges.items()], unlisted))


def _ranges(spec: FieldSpec, desk: Desk) -> dict[str, Range]:
    """Return the ranges among the keys of a table; what can only be meant for one is noted."""
    found: dict[str, Range] = {}
    for name in spec.values or ():
        try:
            span = range_of(name)
        except ValueError as error:
            desk.refuse_key(str(error), "values", name)
        else:
            found.update({name: span} if span else {})
    return found


def _unlisted(spec: FieldSpec, usually: str, where: str) -> Step:
    # A default takes the place of what is not listed, and so does of nothing.
    return unlisted_step("drop" if spec.default is not None else spec.otherwise or usually, where)


def _default(spec: FieldSpec, finish: Normaliser, desk: Desk) -> str | None:
    try:
        return text_found(finish(spec.default))
    except Unfit as error:
        desk.refuse(str(error), "default")
        return None


def _ready(spec: FieldSpec, tail: list[Step], finish: Normaliser, desk: Desk) -> dict[str, str]:
    """Work out what is sent for each entry of a table; what the property can't take is noted."""
    step = chain(tail)
    ready: dict[str, str] = {}
    for name, value in (spec.values or {}).items():
        try:
            found = finish(step(value) if step and value is not None else value)
        except Unfit as error:
            desk.refuse(str(error), "values", name)
        else:
            if type(found) is str and range_of(name) is None:
                ready[clean(name)] = found
    return ready


def _value(
    spec: FieldSpec,
    origin: Origin,
    step: Step | None,
    finish: Normaliser,
    default: str | None,
    desk: Desk,
) -> Worked:
    """Return what works a property out, without the steps that this one does not need."""
    if _is_constant(spec):
        return _constant(spec, step, finish, default, desk)
    notes = _noting(desk, spec.extension) if desk.target in NOTED else None
    if step is None and default is None:
        quick = plain_value(spec, origin, finish, desk.shop.missing)
        return quick if notes is None else noting_value(quick, notes)
    read = origin.read

    def value(row: Row) -> Found:
        raw = read(row)
        if step is not None and raw is not None:
            raw = step(raw)
            if raw is NOTHING:
                return None
        found = finish(raw)
        if notes is not None and type(found) is Noted:
            found = notes(row, found)
        return default if found is None else found

    return value


def _noting(desk: Desk, extension: str | None) -> Callable[[Row, Noted], str]:
    path, at = f"lead.{desk.target}", desk.at

    def note(row: Row, found: Noted) -> str:
        if found.warning:
            row.warn(path, found.warning, at)
        if extension and found.extension:
            row.add(extension, found.extension)
        return found.text

    return note


def _constant(
    spec: FieldSpec, step: Step | None, finish: Normaliser, default: str | None, desk: Desk
) -> Worked:
    try:
        raw: Any = step(spec.value) if step else spec.value
        found = None if raw is NOTHING else finish(raw)
    except Unfit as error:
        desk.refuse(str(error), "value")
        return lambda _row: None
    text = found.text if isinstance(found, Noted) else found
    said = default if text is None and raw is not NOTHING else text
    return lambda _row: dict(said) if isinstance(said, dict) else said


def _conditional(value: Worked, when: Expression, *, required: bool) -> Worked:
    """Return the value where a condition is true; there, and only there, may it be required."""

    def found(row: Row) -> Found:
        if not holds(when, row):
            return None
        text = value(row)
        if required and text is None:
            raise Unfit("is required, and there is nothing")
        return text

    return found
