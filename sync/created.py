"""`created_after`: an old customer who is touched by a bulk job is not a new lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.first_sync import time_of

if TYPE_CHECKING:
    from datetime import datetime

    from sync.lead import Lead


def too_old(lead: Lead, created_after: datetime | None) -> str | None:
    """Return why a lead that the endpoint never took is not sent, None when its age stands in no way.

    A lead that does not say when it was created is not filtered.
    """
    if created_after is None:
        return None
    created = time_of(lead, "createdAt")
    if created is None or created >= created_after:
        return None
    return f"created before created_after ({created_after.isoformat(sep=' ')})"
