"""Who must not be texted, and when: the rules of an endpoint's settings brought to life."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from sync.delivery.doors import Doors, Hours
from sync.store.gates import Deduping, Gates
from sync.store.marking import MarkingOutbox
from sync.suppression import SuppressionList, source_of

if TYPE_CHECKING:
    from sync.config import EndpointConfig
    from sync.endpoints.settings import EndpointSettings
    from sync.runtime.connector import Connector
    from sync.store.outbox import Outbox


def outbox_and_doors(connector: Connector, endpoint: EndpointConfig) -> tuple[Outbox, Doors | None]:
    """Return the outbox of an endpoint with its gates, and its doors; where there is no rule, neither."""
    settings: EndpointSettings = endpoint.settings
    listed = _list_of(connector, settings)
    gates = _gates(connector, endpoint.name, settings, listed)
    outbox = MarkingOutbox(connector.store, endpoint.name, gates, connector.mark)
    hours = hours_of(settings)
    if hours is None and listed is None:
        return outbox, None
    return outbox, Doors(outbox, connector.tell, hours, listed)


def hours_of(settings: EndpointSettings) -> Hours | None:
    """Return when leads may be sent, None for at any time."""
    if settings.send_window is None or settings.timezone is None:
        return None
    return Hours(settings.send_window, settings.timezone)


def _list_of(connector: Connector, settings: EndpointSettings) -> SuppressionList | None:
    if settings.suppress is None:
        return None
    origin = source_of(settings.suppress, connector.config.directory)
    return SuppressionList(origin, settings.suppress.region, connector.store.digest_key, connector.tell)


def _gates(
    connector: Connector, name: str, settings: EndpointSettings, listed: SuppressionList | None
) -> Gates | None:
    if listed is None and settings.max_age is None and settings.dedupe is None:
        return None
    key = connector.store.digest_key
    deduping = Deduping(settings.dedupe, name, key, settings.timezone or UTC) if settings.dedupe else None
    return Gates(key, suppressed=listed, max_age=settings.max_age, deduping=deduping)
