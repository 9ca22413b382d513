"""The types there are: what `type:` may say, and the class behind each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from sources.base import Source

    EndpointClass: TypeAlias = type[Any]
    SourceClass: TypeAlias = type[Source]


class _LoadsSource(Protocol):
    def __call__(self, name: str, /) -> SourceClass: ...


@dataclass(frozen=True, slots=True)
class Catalog:
    """Endpoint and source types by name. Asked only for what the file names."""

    endpoints: Callable[[], Mapping[str, EndpointClass]]
    source_names: Callable[[], Collection[str]]
    #: Raises `BadConfig` when a type can't be imported.
    load_source: _LoadsSource


def installed() -> Catalog:
    """Return what is installed."""
    from sources import registry
    from sync.endpoints import endpoint_types

    return Catalog(endpoint_types, registry.installed, registry.load)
