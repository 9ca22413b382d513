"""How `status` tells whether `send_window` is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.cli.frame.json_output import iso
from sync.cli.frame.source_lines import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.config import EndpointConfig


def hours_lines(endpoint: EndpointConfig | None, now: float) -> Iterator[Line]:
    """Yield what there is to say about an endpoint's window; nothing where it has none.

    Args:
        endpoint: None for one that is not in connector.yaml any more.
        now: in seconds since the epoch.

    """
    document = _hours(endpoint, now)
    if endpoint is None or not document:
        return
    from sync.delivery.doors import clock

    zone = endpoint.settings.timezone
    until = f"{clock(document['until'], now, zone)} ({zone})"
    if document["open"]:
        yield Line("window", f"open until {until}: {document['hours']}")
    else:
        yield Line(
            "window", f"outside of send_window, leads wait until {until}: {document['hours']}", "yellow"
        )


def hours_document(endpoint: EndpointConfig | None, now: float) -> dict[str, Any]:
    """Return the same for ``status --json``; ``until`` is when that changes next."""
    found = _hours(endpoint, now)
    return {"send_window": {**found, "until": iso(found["until"])} if found else None}


def _hours(endpoint: EndpointConfig | None, now: float) -> dict[str, Any]:
    settings = endpoint.settings if endpoint else None
    if settings is None or settings.send_window is None:
        return {}
    window, zone = settings.send_window, settings.timezone
    is_open = window.is_open(now, zone)
    until = window.closing(now, zone) if is_open else window.opening(now, zone)
    return {"hours": str(window), "open": is_open, "until": until}
