"""How much of a layout was guessed right."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sync.suggesting import Choice
    from tests.suggesting.layout import Layout


@dataclass(slots=True)
class Score:
    """The fields of one layout: those that are right, and what is wrong about the others."""

    name: str
    right: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.right + len(self.misses)

    def __str__(self) -> str:
        said = "".join(f"\n    {miss}" for miss in self.misses)
        return f"{self.name}: {self.right} of {self.total}{said}"


def score(layout: Layout, choice: Choice) -> Score:
    """Compare field by field; a field that is guessed where there is none is wrong as well."""
    score = Score(layout.name)
    found = found_in(choice)
    for name in dict.fromkeys((*layout.right, *found)):
        if name == "id" and name not in layout.right:
            continue  # where nothing names a record, any key is as good
        right, got = layout.right.get(name), found.get(name)
        wanted = right if isinstance(right, list) else [right]
        if not any(_same(each, got) for each in wanted):
            score.misses.append(f"{name}: {got}, not {' or '.join(map(str, wanted))}")
        elif name in layout.formats and choice.fields[name].format != layout.formats[name]:
            score.misses.append(f"{name}: {choice.fields[name].format}, not {layout.formats[name]}")
        elif got is not None:
            score.right += 1
    return score


def found_in(choice: Choice) -> dict[str, tuple[str, ...]]:
    """Return the columns of each field, the key's for id."""
    found: dict[str, tuple[str, ...]] = {"id": choice.key} if choice.key else {}
    return found | {name: tuple(c.path for c in each.columns) for name, each in choice.fields.items()}


def _same(right: Any, got: tuple[str, ...] | None) -> bool:
    if right is None or got is None:
        return right is got
    # Of several phone numbers the order matters; of several e-mails, which one comes first.
    return got == right if isinstance(right, tuple) else got[0] == right
