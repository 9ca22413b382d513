"""The example: a redacted record, and what the mapping makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sources.base import Record
from sync.lead import Invalid, Lead, Skip
from sync.mapping.examples import run_example
from sync.mapping.places import Places
from sync.mapping.redacting.redactor import Redactor, plain, rebuilt
from sync.mapping.spec import ExampleSpec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.mapping.mapping import Mapping

_KINDS: dict[type[Lead | Skip | Invalid], str] = {Lead: "goes", Skip: "is skipped", Invalid: "is set aside"}


class Unredactable(ValueError):
    """A record that can't be made an example without saying who it is, or without becoming something else."""


@dataclass(frozen=True, slots=True)
class Example:
    """An example as a mapping file holds it."""

    #: With the keys of `spec.ExampleSpec`.
    data: dict[str, Any]


def redacted_example(mapping: Mapping, record: Record) -> Example:
    """Return a record as an example: only what the mapping reads, redacted, with what becomes of it.

    The same record gives the same example.

    Raises:
        Unredactable: when the mapping makes something else of the redacted record, or a name stays in it.

    """
    redactor = Redactor(mapping, record)
    fields = plain(rebuilt(redactor.values()))
    _check_names(redactor, fields)
    made = Record(redactor.key(record.key), fields, where=record.where)
    before, after = mapping.apply(record), mapping.apply(made)
    _check_same(before, after)
    data: dict[str, Any] = {} if "id" in mapping.fills else {"key": made.key}
    example = Example({**data, "record": fields, **_expected(after)})
    wrong = run_example(0, ExampleSpec.model_validate(example.data), mapping.apply, Places())
    if wrong:
        raise Unredactable(f"the example would not come out as it says: {wrong[0].message}")
    return example


def _check_same(before: Lead | Skip | Invalid, after: Lead | Skip | Invalid) -> None:
    if type(before) is not type(after):
        raise Unredactable(
            f"it {_KINDS[type(before)]}, and redacted it {_KINDS[type(after)]}: the mapping decides by what "
            "says who somebody is"
        )
    if isinstance(before, Invalid) and isinstance(after, Invalid) and _paths(before) != _paths(after):
        raise Unredactable(
            f"it is set aside for {', '.join(_paths(before))}, and redacted for {', '.join(_paths(after))}"
        )


def _paths(outcome: Invalid) -> list[str]:
    return sorted({problem.path or "the record" for problem in outcome.problems})


def _check_names(redactor: Redactor, fields: dict[str, Any]) -> None:
    """Refuse what the mapping asks for by name, in so many words, while it is somebody's name elsewhere."""
    if any(redactor.holds_name(text) for text in _texts(fields)):
        raise Unredactable("a name in it is part of a value on which the mapping decides, and would stay")


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _expected(outcome: Lead | Skip | Invalid) -> dict[str, Any]:
    if isinstance(outcome, Skip):
        return {"skip": True}
    if isinstance(outcome, Invalid):
        return {"invalid": outcome.problems[0].message}
    custom = {"custom": dict(outcome.custom)} if outcome.custom else {}
    return {"lead": dict(outcome.standard), **custom}
