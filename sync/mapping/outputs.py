"""One property of the lead: where it comes from, compiled into a function of the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from sync.mapping.email_address import normalise_email
from sync.mapping.expressions import Expression, Template
from sync.mapping.field_spec import EMAIL, PHONE, TIMES, FieldSpec
from sync.mapping.flatten import flatten
from sync.mapping.paths import reader, top
from sync.mapping.phone import phone_normaliser
from sync.mapping.text import Unfit, is_nan, text_of
from sync.mapping.timestamps import time_normaliser
from sync.mapping.zones import zone_of

if TYPE_CHECKING:
    from datetime import tzinfo

    from sync.mapping.context import Context, ContextBuilder
    from sync.mapping.reading import Path

_CONTAINERS = (dict, list, tuple, set, frozenset, Mapping)
#: What `values` gives for an entry that is null: nothing, not even the default.
_NOTHING = object()


class Row:
    """One record on its way through a mapping."""

    __slots__ = ("_build", "_context", "fields")

    def __init__(self, fields: Mapping[str, Any], build: ContextBuilder) -> None:
        self.fields = fields
        self._build = build
        self._context: Context | None = None

    def context(self) -> Context:
        """Return what expressions see of it, worked out at the first one."""
        if self._context is None:
            self._context = self._build(self.fields)
        return self._context


Origin: TypeAlias = Callable[[Row], Any]
#: Text; several by name for a nested custom value; None for nothing.
Found: TypeAlias = "str | dict[str, str] | None"
Normaliser: TypeAlias = Callable[[Any], Found]
Worked: TypeAlias = Callable[[Row], Found]


@dataclass(frozen=True, slots=True)
class Output:
    """One property, ready to be worked out.

    `value` returns its text, raises `text.Unfit` for what can't be used and `expressions.Missing` for
    a template that lacks a part and has no default.
    """

    name: str
    #: As messages show it: ``lead.email``, ``custom["Lead ID"]``.
    path: str
    #: Its line in the mapping file, empty when there is no file.
    at: str
    value: Worked
    default: str | None
    required: bool
    drops: bool
    #: The columns and dotted paths it is read from.
    columns: tuple[str, ...]
    #: What its expression or template reads.
    paths: frozenset[Path]


@dataclass(frozen=True, slots=True)
class Place:
    """Which property an output is, and where it is written."""

    name: str
    path: str
    at: str
    is_custom: bool


def compile_output(spec: FieldSpec, place: Place, zone: tzinfo) -> Output:
    """Compile one field.

    Raises:
        expressions.Rejected: when its expression or template can't be used.
        text.Unfit: when its constant or its default can't be used.

    """
    origin, paths = _origin(spec)
    normalise = _normaliser(spec, place, zone)
    default = _text(normalise(spec.default))
    if spec.value is not None:
        normalise(spec.value)
    return Output(
        name=place.name,
        path=place.path,
        at=place.at,
        value=_value(spec, origin, normalise, default),
        default=default,
        required=spec.required,
        drops=spec.if_invalid == "drop",
        columns=spec.from_ or (),
        paths=paths,
    )


def _text(found: Found) -> str | None:
    return found if isinstance(found, str) else None


def _origin(spec: FieldSpec) -> tuple[Origin, frozenset[Path]]:
    if spec.from_:
        return _columns(spec.from_), frozenset()
    if spec.expr is not None:
        expression = Expression(spec.expr)
        return lambda row: expression.evaluate(row.fields, row.context()), expression.syntax.paths
    if spec.template is not None:
        template = Template(spec.template)
        return lambda row: template.rendered(row.fields, row.context), template.syntax.paths
    constant = spec.value
    return lambda _row: constant, frozenset()


def _columns(paths: Sequence[str]) -> Origin:
    readers = [reader(path) for path in paths]
    if len(readers) == 1:
        read = readers[0]
        return lambda row: read(row.fields)

    def first(row: Row) -> Any:
        found = (read(row.fields) for read in readers)
        return next((value for value in found if not is_empty(value)), None)

    return first


def is_empty(value: Any) -> bool:
    """Tell whether a value is null, blank text, NaN, or an object or a list of nothing."""
    if isinstance(value, _CONTAINERS):
        return not value
    if isinstance(value, (str, bytes)):
        return not value.strip()
    return value is None or is_nan(value)


def _looked_up(origin: Origin, spec: FieldSpec) -> Origin:
    """Put the table of `values` behind an origin."""
    table = spec.values or {}
    exact = {name.strip(): _NOTHING if text_of(value) is None else value for name, value in table.items()}
    folded = {name.casefold(): value for name, value in exact.items()}
    otherwise = spec.default

    def look_up(row: Row) -> Any:
        value = origin(row)
        text = text_of(value)
        if text is None:
            return None
        found = exact.get(text)
        if found is None:
            found = folded.get(text.casefold(), value if otherwise is None else otherwise)
        return found

    return look_up


def _value(spec: FieldSpec, origin: Origin, normalise: Normaliser, default: str | None) -> Worked:
    """Return what works a property out, without the steps that this one does not need."""
    if spec.values is not None:
        return _pipeline(_looked_up(origin, spec), normalise, default)
    if default is not None:
        return _pipeline(origin, normalise, default)
    if spec.from_ and len(spec.from_) == 1:
        path, read = spec.from_[0], reader(spec.from_[0])
        if top(path) == path:
            return lambda row: normalise(row.fields.get(path))
        return lambda row: normalise(read(row.fields))
    return lambda row: normalise(origin(row))


def _pipeline(origin: Origin, normalise: Normaliser, default: str | None) -> Worked:
    def value(row: Row) -> Found:
        raw = origin(row)
        if raw is _NOTHING:
            return None
        found = normalise(raw)
        return default if found is None else found

    return value


def _normaliser(spec: FieldSpec, place: Place, zone: tzinfo) -> Normaliser:
    if place.is_custom:
        return _custom_normaliser(place.name)
    if place.name == PHONE:
        return phone_normaliser(spec.region or "US")
    if place.name == EMAIL:
        return normalise_email
    if place.name in TIMES:
        return time_normaliser(zone_of(spec.timezone) if spec.timezone else zone, spec.format or ())
    return text_of


def _custom_normaliser(name: str) -> Normaliser:
    def normalise(value: Any) -> Found:
        if type(value) is str or not isinstance(value, _CONTAINERS):
            return text_of(value)
        pairs = list(flatten(name, value))
        found = dict(pairs)
        if len(found) != len(pairs):
            raise Unfit("two of its parts would have one name, as a.b and b in a do")
        return found or None

    return normalise
