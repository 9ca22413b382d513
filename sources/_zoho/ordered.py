"""Pages that are as they have to be for nothing to be lost between them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sources._zoho.records import time_of
from sources.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sources._zoho.api import Found, Part, ZohoApi


async def ordered(api: ZohoApi, names: Sequence[str], part: Part) -> tuple[Found, datetime | None]:
    """Return a page, and the time of its last record; None on a last page only.

    Raises:
        Unavailable: when it is not sorted, older than was asked for, or without times: going on would lose
            records.

    """
    found = await api.listed(names, part)
    times = [at for at in map(time_of, found.items) if at is not None]
    if any(later < earlier for earlier, later in pairwise(times)):
        raise Unavailable(f"{found.where}: the records are not sorted by Modified_Time, as was asked for")
    if times and part.since is not None and times[0] < part.since:
        raise Unavailable(f"{found.where}: the records begin before the If-Modified-Since of the request")
    if found.items and found.more and not times:
        raise Unavailable(f"{found.where}: a page of records without any Modified_Time; stopped there")
    return found, times[-1] if times else None
