"""Put the settings that the environment gives into the file's data."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sync.config._override_names import (
    PREFIX,
    SECTIONS,
    folded,
    override_names,
    section_of,
    variable_for,
)
from sync.located_yaml import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.located_yaml import Path

#: Sections of named parts; a variable changes a part but never makes a new one.
_NAMED = {"sources": "source", "endpoints": "endpoint"}


@dataclass(slots=True)
class Applied:
    """What came of applying overrides."""

    data: Any
    #: The variable behind each value that was overridden.
    variables: dict[Path, str] = field(default_factory=dict)
    #: What is wrong, by variable.
    problems: dict[str, str] = field(default_factory=dict)


def apply_overrides(data: Any, values: Mapping[str, str]) -> Applied:
    """Return a copy of the data with what variables override.

    Args:
        data: as read from YAML.
        values: all variables by name.

    """
    names = override_names(name for name, value in values.items() if value)
    if not names or not isinstance(data, dict):
        return Applied(data)
    from sync.config._overrides import overridden  # pydantic-settings costs start-up time

    applied = Applied(copy.deepcopy(data))
    spelled = {name.lower(): name for name in names}
    seen: set[str] = set()
    for name in names:
        if section_of(name) not in SECTIONS:
            applied.problems[name] = _unknown(name)
    for path, text in overridden({name: values[name] for name in names}):
        variable = spelled[PREFIX.lower() + "__".join(map(str, path))]
        seen.add(variable)
        problem = _put(applied, path, text, variable)
        if problem:
            applied.problems[variable] = problem
    for name in set(names) - seen - set(applied.problems):
        applied.problems[name] = (
            "clashes with another variable for the same setting or section; keep one of them"
        )
    return applied


def _unknown(name: str) -> str:
    section = section_of(name)
    known = ", ".join(PREFIX + each.upper() for each in SECTIONS)
    return f"overrides nothing: there is no {section}{did_you_mean(section, SECTIONS)}; there are: {known}"


def _put(applied: Applied, path: Path, text: str, variable: str) -> str | None:
    """Put one value in; return what is wrong instead."""
    if len(path) < _depth(path):
        return f"names a whole section; name one setting in it, as in {_example(path)}"
    found = _resolve(applied.data, path)
    if isinstance(found, str):
        return found
    *upper, last = found
    section = applied.data
    for part in upper:
        section = section.setdefault(part, {})
    if isinstance(section.get(last), dict):
        return "names a whole section; name one setting in it"
    section[last] = text
    applied.variables[found] = variable
    return None


def _depth(path: Path) -> int:
    return {"state": 1, "endpoint": 2, "hooks": 2}.get(str(path[0]), 3)


def _example(path: Path) -> str:
    wanted = {
        "endpoint": ("api_key",),
        "endpoints": ("name", "api_key"),
        "sources": ("name", "schedule"),
        "hooks": ("listen",),
    }
    rest = wanted[str(path[0])][len(path) - 1 :]
    return variable_for((*path, *rest))


def _resolve(data: Any, path: Path) -> Path | str:
    """Return the path as the file spells it, or what is wrong with it."""
    done: list[str | int] = []
    for depth, part in enumerate(path):
        if not isinstance(data, dict):
            return "names something inside of a value that is no section; a list is given whole, as JSON"
        alike = [key for key in data if folded(key) == folded(str(part))]
        if len(alike) > 1:
            return f"can mean each of {', '.join(map(str, alike))}; rename one of them"
        if not alike and (problem := _absent(data, path, depth)):
            return problem
        key = alike[0] if alike else str(part)
        done.append(key)
        data = data.get(key) if data.get(key) is not None else {}
    return tuple(done)


def _absent(data: dict[str, Any], path: Path, depth: int) -> str | None:
    section = str(path[0])
    if depth == 0 and section != "state":
        other = next((name for name in SECTIONS if name in data and name.startswith("endpoint")), None)
        hint = f"; it has {other}" if other and section.startswith("endpoint") else ""
        return f"overrides nothing: the file has no section {section}{hint}"
    if depth == 1 and section in _NAMED:
        close = did_you_mean(str(path[1]), data)
        return (
            f"overrides nothing: there is no {_NAMED[section]} {path[1]}{close}; there are: {', '.join(data)}"
        )
    return None
