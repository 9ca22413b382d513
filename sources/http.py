"""Helpers for adapters that speak HTTP. You call them; nothing here calls you.

    client = ApiClient("https://api.example.com/v1/", bearer(token))
    people = await client.get_json("https://api.example.com/v1/contacts", {"limit": 100})
    await client.close()

`ApiClient.request` adds credentials, keeps the pace, waits out short Retry-Afters, tries failures of
the network again, refuses to carry credentials to another host, bounds the size of an answer, and
raises only what `sources.errors` names. `walk` reads page after page and stops where they have no end, as a
`PageGuard` does for those who ask for pages in a way of their own. In a block of `sensible`, an answer that
is not as described is `Unavailable`.
OAuth is in `sources.oauth`.
"""

from __future__ import annotations

from sources._crm.saying import sensible
from sources._http.auth import Auth, Draft, HeaderAuth, NoAuth, QueryAuth, basic, bearer
from sources._http.call import Answer, Call, place_of
from sources._http.client import ApiClient, ClientOptions
from sources._http.clock import Clock, SystemClock
from sources._http.guard import LoopGuard, PageGuard
from sources._http.links import next_link
from sources._http.pacing import Pacer, Patience
from sources._http.retry_after import parse_retry_after
from sources._http.walking import walk
from sources._http.wording import error_codes, sounds_rate_limited

__all__ = [
    "Answer",
    "ApiClient",
    "Auth",
    "Call",
    "ClientOptions",
    "Clock",
    "Draft",
    "HeaderAuth",
    "LoopGuard",
    "NoAuth",
    "Pacer",
    "PageGuard",
    "Patience",
    "QueryAuth",
    "SystemClock",
    "basic",
    "bearer",
    "error_codes",
    "next_link",
    "parse_retry_after",
    "place_of",
    "sensible",
    "sounds_rate_limited",
    "walk",
]
