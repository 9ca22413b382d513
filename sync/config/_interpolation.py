"""Put variables into values: ``${NAME}``, ``${NAME:-default}``, and ``$${`` for a plain ``${``.

What a variable holds is put into the value after the YAML was read, so it never becomes structure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sync.located_yaml import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sync.located_yaml import Path

_REFERENCE = re.compile(r"\$\$\{|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^{}]*))?\})?")


@dataclass(slots=True)
class Filled:
    """What came of filling variables in."""

    data: Any
    #: Values that came from a variable, as text, by their path: never to be repeated.
    hidden: dict[Path, str] = field(default_factory=dict)
    #: What is wrong, by the path of the value that wants the variable.
    problems: dict[Path, str] = field(default_factory=dict)


def fill(data: Any, variables: Mapping[str, str], skip: Collection[Path] = ()) -> Filled:
    """Return the data with variables put in.

    Args:
        data: as read from YAML; it is not changed.
        variables: by name.
        skip: paths whose values are taken as they are.

    """
    filled = Filled(None)
    filler = _Filler(variables, frozenset(skip), filled)
    filled.data = filler.value(data, ())
    return filled


class _Filler:
    """One walk over the data."""

    def __init__(self, variables: Mapping[str, str], skip: frozenset[Path], filled: Filled) -> None:
        self._variables = variables
        self._skip = skip
        self._filled = filled

    def value(self, value: Any, path: Path) -> Any:
        """Return a value filled, and note what was found on the way."""
        if path in self._skip:
            return value
        if isinstance(value, dict):
            return {key: self.value(inner, (*path, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.value(inner, (*path, index)) for index, inner in enumerate(value)]
        return self._text(value, path) if isinstance(value, str) and "${" in value else value

    def _text(self, text: str, path: Path) -> str:
        references = list(_REFERENCE.finditer(text))
        wrong = [problem for match in references if (problem := self._problem(match))]
        if wrong:
            self._filled.problems[path] = "; ".join(dict.fromkeys(wrong))
            return text
        result = _REFERENCE.sub(self._replacement, text)
        if any(match[1] for match in references):
            self._filled.hidden[path] = result
        return result

    def _replacement(self, match: re.Match[str]) -> str:
        if match[1] is None:
            return "${"
        return self._variables.get(match[1]) or match[2] or ""

    def _problem(self, match: re.Match[str]) -> str | None:
        name, default = match[1], match[2]
        if match[0] == "$${" or (name and default is not None) or self._variables.get(name or ""):
            return None
        if name is None:
            return "expected ${NAME} or ${NAME:-default}; $${ stands for a plain ${"
        if name in self._variables:
            return (
                f"the variable {name} is empty; give it a value, or write ${{{name}:-}} where none is needed"
            )
        close = did_you_mean(name, self._variables)
        return f"the variable {name} is not set{close}; set it in the environment or in .env beside this file"
