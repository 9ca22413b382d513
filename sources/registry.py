"""Adapters by name, found through the entry-point group ``leadrelay.sources``.

The built-ins stand in this project's own pyproject.toml and are found like everybody else's.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, cast

from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sources.base import Source

GROUP = "leadrelay.sources"


class UnknownSource(BadConfig):
    """No installed adapter has this name; ``names`` says which there are."""

    def __init__(self, name: str, names: Iterable[str]) -> None:
        self.names = sorted(names)
        super().__init__(f"unknown source type {name!r}: there are {', '.join(self.names)}", "type")


def installed() -> Mapping[str, EntryPoint]:
    """Return the entry point of every installed adapter by its name, without importing any.

    Raises:
        BadConfig: when two packages register the same name.

    """
    found: dict[str, EntryPoint] = {}
    for point in entry_points(group=GROUP):
        other = found.setdefault(point.name, point)
        if other.value != point.value:
            clash = f"source type {point.name!r} is registered twice: {other.value} and {point.value}"
            raise BadConfig(clash, "type")
    return dict(sorted(found.items()))


def load(name: str) -> type[Source]:
    """Import and return the adapter class of this name.

    Raises:
        UnknownSource: when none is installed under it.
        BadConfig: when it is installed and cannot be imported.

    """
    points = installed()
    if name not in points:
        raise UnknownSource(name, points)
    try:
        return cast("type[Source]", points[name].load())
    except ImportError as error:
        message = f"source type {name!r} ({points[name].value}) cannot be imported: {error}"
        raise BadConfig(message, "type") from error
