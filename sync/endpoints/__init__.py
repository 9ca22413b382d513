"""Where leads go: the Hatch Standard API, its newer sister, or any JSON endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sync.endpoints.settings import EndpointSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.endpoints.hatch import Hatch
    from sync.endpoints.hatch_v1 import HatchV1
    from sync.endpoints.http import Http

    EndpointClass: TypeAlias = type[Hatch | HatchV1 | Http]

__all__ = ["EndpointSettings", "endpoint_types"]


def endpoint_types() -> Mapping[str, EndpointClass]:
    """Return every endpoint class by what ``type:`` in connector.yaml says.

    Each has a ``Settings`` model and is made with ``cls(settings)``. No HTTP client is imported here:
    that waits for the first request.
    """
    from sync.endpoints.hatch import Hatch
    from sync.endpoints.hatch_v1 import HatchV1
    from sync.endpoints.http import Http

    return {Hatch.name: Hatch, HatchV1.name: HatchV1, Http.name: Http}
