"""Where a field's value comes from: columns, an expression, a template."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from sync.mapping.paths import Reader, reader
from sync.mapping.text import clean, is_nan

if TYPE_CHECKING:
    from sync.mapping.desk import Desk
    from sync.mapping.expressions import Template
    from sync.mapping.field_spec import FieldSpec
    from sync.mapping.missing import MissingWords
    from sync.mapping.reading import Path
    from sync.mapping.rows import Row

CONTAINERS = (dict, list, tuple, set, frozenset, Mapping)

Read: TypeAlias = "Callable[[Row], Any]"


@dataclass(frozen=True, slots=True)
class Origin:
    """A way to find a value, without the words that count as nothing."""

    read: Read
    #: The columns and paths it is read from, and where in the field each is named.
    columns: tuple[str, ...] = ()
    named_at: tuple[tuple[str | int, ...], ...] = ()
    #: What its expression or template reads.
    paths: frozenset[Path] = field(default_factory=frozenset)


def origin_of(spec: FieldSpec, desk: Desk) -> Origin | None:
    """Compile where a value comes from; None when that is wrong, which is noted."""
    missing = desk.shop.missing
    if spec.expr is not None:
        expression = desk.expression("expr", spec.expr)
        if expression is None:
            return None
        evaluate = expression.evaluated
        read = _without(lambda row: evaluate(row.fields, row.context), missing)
        return Origin(read, paths=expression.syntax.paths)
    if spec.template is not None:
        template = desk.template(spec.template)
        if template is None:
            return None
        return Origin(_rendered(template, missing), paths=template.syntax.paths)
    columns, named_at = _columns(spec)
    return Origin(_first(columns, missing), columns, named_at)


def _rendered(template: Template, missing: MissingWords) -> Read:
    join, render = template.join, template.render
    if join is None:
        return _without(lambda row: render(row.context()), missing)

    def rendered(row: Row) -> str | None:
        text = join(row.fields)
        if text is None:
            text = render(row.context())
        return None if text.strip() in missing else text

    return rendered


def _columns(spec: FieldSpec) -> tuple[tuple[str, ...], tuple[tuple[str | int, ...], ...]]:
    if spec.from_:
        return spec.from_, tuple(("from", index) for index in range(len(spec.from_)))
    key = spec.lookup.key if spec.lookup else None
    return ((key,), (("lookup", "key"),)) if key else ((), ())


def _without(read: Read, missing: MissingWords) -> Read:
    """Return the same without the words that count as nothing."""
    if not missing:
        return read

    if missing.of_numbers:
        return lambda row: None if missing.mean(value := read(row)) else value

    def found(row: Row) -> Any:
        value = read(row)
        return None if type(value) is str and value.strip() in missing else value

    return found


def _first(paths: Sequence[str], missing: MissingWords) -> Read:
    readers = [reader(path) for path in paths]
    if len(readers) == 1:
        return _one(readers[0], missing)

    def first(row: Row) -> Any:
        fields = row.fields
        for read in readers:
            value = read(fields)
            if type(value) is str:
                text = clean(value)
                if text and text not in missing:
                    return text
            elif not is_empty(value) and not missing.mean(value):
                return value
        return None

    return first


def _one(read: Reader, missing: MissingWords) -> Read:
    if missing.of_numbers:
        return _without(lambda row: read(row.fields), missing)

    def found(row: Row) -> Any:
        value = read(row.fields)
        return None if type(value) is str and clean(value) in missing else value

    return found


def is_empty(value: Any) -> bool:
    """Tell whether a value is null, blank text, NaN, or an object or a list of nothing."""
    if isinstance(value, CONTAINERS):
        return not value
    if isinstance(value, (str, bytes)):
        return not value.strip()
    return value is None or is_nan(value)
