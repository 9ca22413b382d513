"""The request for the first page, and the span of change time that a poll is about."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sources.http import Call

if TYPE_CHECKING:
    from sources._rest.settings import RestSettings
    from sources.base import PollRequest, Record, Window


def bounds(request: PollRequest) -> tuple[datetime | None, datetime | None]:
    """Return the span of change time that is wanted: from (inclusive) and until (exclusive)."""
    at = request.position.at if request.position else None
    lows = [at] if isinstance(at, datetime) else []
    if request.window is not None and request.window.since is not None:
        lows.append(request.window.since)
    return max(lows, default=None), request.window.until if request.window else None


def is_within(record: Record, window: Window | None) -> bool:
    """Tell whether a record belongs to a backfill's span; one without a time always does."""
    at = record.changed
    if window is None or not isinstance(at, datetime):
        return True
    after = window.since is None or at >= window.since
    return after and (window.until is None or at < window.until)


def first_call(settings: RestSettings, request: PollRequest) -> Call:
    """Return the request for the first page."""
    call = Call(
        settings.url,
        settings.method,
        dict(settings.params),
        {name: value.get_secret_value() for name, value in settings.headers.items()},
        settings.json_body if settings.json_body is not None or settings.method == "GET" else {},
    )
    low, high = bounds(request)
    if settings.since is not None:
        call = settings.since.write_lower(call, low) if low else settings.since.write_start(call)
    if settings.until is not None and high is not None:
        call = settings.until.write_upper(call, high)
    return settings.paging.first(call, request.page_size)
