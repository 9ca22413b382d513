"""The `examples` of a mapping file: records with what must become of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from sources.base import Record
from sources.keys import canonical_key
from sync.lead import Invalid, Lead, Skip
from sync.mapping.text import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sync.located_yaml import ConfigProblem
    from sync.mapping.places import Places
    from sync.mapping.spec import ExampleSpec

Outcome: TypeAlias = Lead | Skip | Invalid
_Mismatch: TypeAlias = tuple[tuple[str, ...], str]


def run_example(
    index: int, example: ExampleSpec, apply: Callable[[Record], Outcome], places: Places
) -> list[ConfigProblem]:
    """Map one example's record and return how the outcome differs from what is expected."""
    key = canonical_key(example.key) or f"example-{index + 1}"
    outcome = apply(Record(key=key, fields=example.record))
    return [
        places.problem(("examples", index, *path), message) for path, message in _mismatches(example, outcome)
    ]


def _mismatches(example: ExampleSpec, outcome: Outcome) -> Iterator[_Mismatch]:
    if example.skip is not None:
        if isinstance(outcome, Skip) != example.skip:
            yield (
                ("skip",),
                f"expected {'a skipped record' if example.skip else 'no skip'}, got {_said(outcome)}",
            )
    elif example.invalid is not None:
        if not isinstance(outcome, Invalid) or example.invalid not in outcome.reason:
            yield ("invalid",), f"expected a record set aside for {example.invalid!r}, got {_said(outcome)}"
    elif not isinstance(outcome, Lead):
        yield (), f"expected a lead, got {_said(outcome)}"
    else:
        yield from _compared("lead", example.lead or {}, outcome.standard)
        yield from _compared("custom", example.custom or {}, outcome.custom)


def _compared(section: str, expected: Mapping[str, Any], found: Mapping[str, str]) -> Iterator[_Mismatch]:
    for name, value in expected.items():
        wanted = text_of(value)
        if found.get(name) != wanted:
            yield (section, name), f"expected {_quoted(wanted)}, got {_quoted(found.get(name))}"


def _quoted(value: str | None) -> str:
    return "nothing" if value is None else f'"{value}"'


def _said(outcome: Outcome) -> str:
    if isinstance(outcome, Lead):
        return "a lead"
    if isinstance(outcome, Skip):
        return f"a skipped record ({outcome.reason})"
    return f"a record set aside ({outcome.reason})"
