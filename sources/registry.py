"""Adapters by name, found through the entry-point group ``leadrelay.sources``.

The built-ins stand in this project's own pyproject.toml and are found like everybody else's. One that
is broken, or whose name two packages claim, is said by `load` and by nobody else: the others work on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sources._entry_points import registered
from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from importlib.metadata import EntryPoint

    from sources.base import Source

GROUP = "leadrelay.sources"
_PARTS = ("name", "Settings", "poll", "check")


class UnknownSource(BadConfig):
    """No installed adapter has this name; ``names`` says which there are."""

    def __init__(self, name: str, names: Iterable[str]) -> None:
        self.names = sorted(names)
        super().__init__(f"unknown source type {name!r}: there are {', '.join(self.names)}", "type")


def installed() -> Mapping[str, EntryPoint]:
    """Return the entry point of every installed adapter by its name, without importing any.

    Of a name that several packages claim it is the first one found; `load` refuses them all.
    """
    return {name: points[0] for name, points in sorted(_claims().items())}


def load(name: str) -> type[Source]:
    """Import and return the adapter class of this name.

    Raises:
        UnknownSource: when none is installed under it.
        BadConfig: when several are, or the one cannot be imported or is no adapter.

    """
    claims = _claims()
    if name not in claims:
        raise UnknownSource(name, claims)
    point, *others = claims[name]
    if others:
        claimed = " and ".join(map(_told, claims[name]))
        raise BadConfig(f"source type {name!r} is claimed by {claimed}; uninstall all but one", "type")
    try:
        found = point.load()
    except Exception as error:  # what a module does while it is imported can fail in any way
        raise BadConfig(f"source type {name!r} of {_told(point)} {_reason(error)}", "type") from error
    return _adapter(name, point, found)


def _claims() -> dict[str, list[EntryPoint]]:
    """Return by name all that is registered; the same class found twice is one."""
    found: dict[str, dict[str, EntryPoint]] = {}
    for point in registered(GROUP):
        found.setdefault(point.name, {}).setdefault(point.value, point)
    return {name: list(points.values()) for name, points in found.items()}


def _told(point: EntryPoint) -> str:
    """Return ``leadrelay-shop (leadrelay_shop:Shop)``."""
    return f"{point.dist.name} ({point.value})" if point.dist else point.value


def _reason(error: Exception) -> str:
    kind = "" if isinstance(error, ImportError) else f"{type(error).__name__}: "
    return f"cannot be imported: {kind}{error}"


def _adapter(name: str, point: EntryPoint, found: Any) -> type[Source]:
    """Return what was loaded, if it is an adapter and called so."""
    missing = [part for part in _PARTS if not hasattr(found, part)]
    if missing:
        raise BadConfig(
            f"source type {name!r} of {_told(point)} is no adapter: it has no {', no '.join(missing)}", "type"
        )
    if found.name != name:
        raise BadConfig(f"source type {name!r} of {_told(point)} calls itself {found.name!r}", "type")
    return cast("type[Source]", found)
