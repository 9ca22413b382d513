"""A request as it came: which API it is for, which department, which lead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import unquote

from sync.sandbox.arrival import object_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEGACY_PARTS = 4


@dataclass(frozen=True, slots=True)
class Route:
    """Where a path leads to."""

    #: None for a path that is no API's.
    api: Literal["legacy", "v1"] | None
    #: As the path names it; empty for v1.
    department: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One complete request."""

    method: str
    #: As it came, percent-encoded, without the query.
    path: str
    route: Route
    #: By name in small letters; of a repeated header the last.
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    #: Bytes of the body, of which not all are kept when it is beyond the limit.
    size: int

    def lead(self) -> str:
        """Return the id that the body gives the lead, before any rule is applied; empty for none."""
        try:
            document = object_of(self.body)
        except ValueError:
            return ""
        name = "externalID" if self.route.api == "v1" else "id"
        value = document.get(name) if isinstance(document, dict) else None
        return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def route_of(raw_path: str) -> Route:
    """Return where a path leads; a department is one segment of it, percent-decoded."""
    parts = raw_path.split("/")[1:]
    if len(parts) == _LEGACY_PARTS and parts[:2] == ["api", "webhooks"] and parts[3] == "newlead":
        return Route("legacy", unquote(parts[2]))
    return Route("v1") if parts == ["v1", "contacts"] else Route(None)


def call_of(scope: Mapping[str, Any], body: bytes, size: int) -> Call:
    """Return the call of an ASGI scope and the body that belongs to it."""
    path = scope["raw_path"].decode("latin-1")
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return Call(scope["method"], path, route_of(path), headers, body, size)
