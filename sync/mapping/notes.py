"""What is said while a record is mapped: why something is left out, or why there is no lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.lead import Problem
from sync.mapping.expressions import Missing
from sync.mapping.rows import UnfitThere
from sync.mapping.targets import EMAIL, PHONE

if TYPE_CHECKING:
    from sync.mapping.outputs import Output
    from sync.mapping.rows import Found, Row
    from sync.mapping.text import Unfit


def failed(row: Row, output: Output, error: Unfit | Missing) -> str | None:
    """Note why an output has no value; return its default where that stands in."""
    if isinstance(error, Missing):
        return _incomplete(row, output, error)
    if output.drops and not output.required:
        row.warn(output.path, f"left out: {error}", output.at)
    else:
        at = error.at if isinstance(error, UnfitThere) else output.at
        row.problems.append(Problem(output.path, str(error), at))
    return None


def _incomplete(row: Row, output: Output, error: Missing) -> str | None:
    if output.default is None and not output.required:
        message = f"left out, since a part of the template is not there: {error}"
        row.warn(output.path, message, output.at)
    return output.default


def wanting(row: Row, output: Output) -> None:
    """Note that a required output is empty, unless it was said why already."""
    if not any(problem.path == output.path for problem in row.problems):
        row.problems.append(Problem(output.path, "is required, and there is nothing", output.at))


def unreachable(row: Row, at: str) -> None:
    """Note that there is no way to reach the person, unless it was said why already."""
    said = {f"lead.{PHONE}", f"lead.{EMAIL}"}
    if not any(problem.path in said for problem in row.problems):
        row.problems.append(Problem("lead", "neither phoneNumber nor email", at))


def put(row: Row, found: dict[str, str], output: Output, value: Found) -> None:
    """Add a custom property, or the parts of one; no name may mean two things."""
    parts = value if isinstance(value, dict) else {output.name: value or ""}
    for name in parts.keys() & found.keys():
        if parts[name] != found[name]:
            message = f"gives another value to {name} than a property before it"
            row.problems.append(Problem(output.path, message, output.at))
    found.update(parts)
