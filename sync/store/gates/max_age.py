"""`max_age`: what waited too long, because of an outage of ours or the endpoint's, is not sent unasked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sources.units import format_duration

if TYPE_CHECKING:
    from sync.store.gates.candidates import Candidate

#: From so many days on an age is said in days.
_DAYS = 2


def too_old(candidate: Candidate, max_age: timedelta, now: float) -> str | None:
    """Return why a lead is too old to be sent, None when it is not, or when a person asked for it."""
    if candidate.is_asked:
        return None
    age = timedelta(seconds=max(0.0, now - _since(candidate)))
    if age <= max_age:
        return None
    return f"older than max_age: {format_duration(max_age)} ({_words(age)})"


def _since(candidate: Candidate) -> float:
    """Return when the lead last changed, or was created, as it says itself; else when it was staged."""
    said = candidate.lead.standard.get("updatedAt") or candidate.lead.standard.get("createdAt")
    return datetime.fromisoformat(said).timestamp() if said else candidate.staged_at


def _words(age: timedelta) -> str:
    if age.days >= _DAYS:
        return f"{age.days} days"
    return format_duration(timedelta(minutes=max(1, age // timedelta(minutes=1))))
