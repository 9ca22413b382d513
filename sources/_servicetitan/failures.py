"""How ServiceTitan says "slow down" and "denied"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sources._crm.saying import denied, limited
from sources._servicetitan.settings import TOKENS
from sources.errors import BadConfig, Denied, RateLimited, SourceError

if TYPE_CHECKING:
    from sources.http import Answer

#: As in ``Rate limit is exceeded. Try again in 12 seconds.``
_SECONDS: Final = re.compile(r"try again in (\d{1,5}) second", re.IGNORECASE)
#: As in ``Out of call volume quota. Quota will be replenished in 01:23:45.``
_SPAN: Final = re.compile(r"replenished in (\d{1,3}):(\d{2}):(\d{2})", re.IGNORECASE)
#: Seconds until it helps to ask again, where nothing says so: the limit is one for a second.
_UNTOLD: Final = 1.0
_HEAD: Final = 2000
_UNAUTHORIZED: Final = 401
_REFUSED: Final = "the token or app_key is not taken; do both belong to the same environment and app?"
_MAY_NOT: Final = (
    "the app may not read this; the company has to connect it to this tenant, with the CRM scopes to read "
    "leads and customers"
)


def explain(answer: Answer, failure: SourceError) -> SourceError:
    """Return what ServiceTitan means by a failed answer."""
    if isinstance(failure, RateLimited):
        wait = failure.retry_after if failure.retry_after is not None else _told(answer)
        return limited(answer, "the limit for this app and tenant is reached", wait)
    if isinstance(failure, Denied):
        return denied(answer, _REFUSED if answer.status == _UNAUTHORIZED else _MAY_NOT)
    if isinstance(failure, BadConfig) and failure.setting == "url":
        if answer.where.endswith(TOKENS):
            return BadConfig(str(failure), "auth_url")
        return BadConfig(f"{failure}; is the tenant right?", "tenant")
    return failure


def _told(answer: Answer) -> float:
    """Return the seconds that the sentence of a refusal names; there is not always a Retry-After."""
    text = answer.body[:_HEAD].decode("utf-8", "replace")
    if found := _SECONDS.search(text):
        return float(found[1])
    if found := _SPAN.search(text):
        hours, minutes, seconds = map(int, found.groups())
        return hours * 3600.0 + minutes * 60 + seconds
    return _UNTOLD
