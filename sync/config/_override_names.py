"""Names of the environment variables that override settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.located_yaml import Path

PREFIX = "LEADRELAY_"
#: What tokens are encrypted with; it must not lie beside them, so `.env` may not hold it.
TOKEN_KEY = "LEADRELAY_TOKEN_KEY"  # noqa: S105 the name of a variable
#: The command line's own options, and the key; they are no settings of the file.
RESERVED = frozenset({"LEADRELAY_CONFIG", TOKEN_KEY})
#: What the file's top level holds.
SECTIONS = ("endpoint", "endpoints", "state", "sources", "hooks")

_BETWEEN = "__"


def override_names(names: Iterable[str]) -> list[str]:
    """Return the names among these that are meant to override a setting."""
    return sorted(name for name in names if name.upper().startswith(PREFIX) and name.upper() not in RESERVED)


def section_of(name: str) -> str:
    """Return the first part of what a variable names, in lower case."""
    return name[len(PREFIX) :].partition(_BETWEEN)[0].lower()


def folded(part: str) -> str:
    """Return a key the way a variable's name can spell it, in lower case."""
    return "".join(letter if letter.isalnum() else "_" for letter in part.lower())


def variable_for(path: Path) -> str:
    """Return the name of the variable that overrides the setting at a path."""
    return PREFIX + _BETWEEN.join(folded(str(part)).upper() for part in path)
