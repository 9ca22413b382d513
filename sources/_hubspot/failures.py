"""How HubSpot says "slow down" and "denied"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from sources._crm.saying import denied, limited
from sources.errors import BadConfig, Denied, RateLimited, SourceError

if TYPE_CHECKING:
    from sources.http import Answer

#: Seconds until it helps to ask again, by the policy that HubSpot names; it often sends no Retry-After.
#: A day ends at midnight in the account's zone, which we don't know: an hour is soon enough to look again.
_POLICIES: Final = {
    "TEN_SECONDLY": (10.0, "the limit for ten seconds"),
    "SECONDLY": (1.0, "the limit for a second"),
    "DAILY": (3600.0, "the limit for a day, which begins anew at midnight in the account's time zone"),
}
_UNNAMED: Final = (10.0, "a limit that it does not name")
#: A token that HubSpot can't even take apart.
_NOT_A_TOKEN: Final = 530
_UNAUTHORIZED: Final = 401
#: Where the scopes that are missing stand, under the names that HubSpot gives the list.
_SCOPES: Final = re.compile(r"(missing|required)(Granular)?Scopes")
_SCOPE: Final = re.compile(r"[a-z][a-z0-9._-]*")
_SHOWN_THERE: Final = "is it revoked or expired? The private app in HubSpot's settings shows the present one"


def explain(answer: Answer, failure: SourceError) -> SourceError:
    """Return what HubSpot means by a failed answer."""
    data = answer.data if isinstance(answer.data, dict) else {}
    if isinstance(failure, RateLimited):
        return _limit(answer, failure, str(data.get("policyName", "")))
    if answer.status == _NOT_A_TOKEN:
        return denied(answer, "the token is not of the form that HubSpot gives; is it copied whole?")
    if isinstance(failure, Denied):
        refused = f"the token is not taken; {_SHOWN_THERE}"
        what = refused if answer.status == _UNAUTHORIZED else "the token may not read this"
        return denied(answer, what, _scopes(data))
    if isinstance(failure, BadConfig) and "object type" in str(data.get("message", "")).lower():
        return BadConfig(str(failure), "object")
    return failure


def _limit(answer: Answer, failure: RateLimited, policy: str) -> RateLimited:
    known = (said for name, said in _POLICIES.items() if policy.startswith(name))
    wait, what = next(known, _UNNAMED)
    if failure.retry_after is not None:
        wait = failure.retry_after
    return limited(answer, f"{what} is reached", wait)


def _scopes(data: Any) -> list[str]:
    """Return the names of scopes wherever they stand in an answer."""
    if isinstance(data, list):
        return [scope for item in data for scope in _scopes(item)]
    if not isinstance(data, dict):
        return []
    found: list[str] = []
    for name, value in data.items():
        if _SCOPES.fullmatch(name) and isinstance(value, list):
            found += [scope for scope in map(str, value) if _SCOPE.fullmatch(scope)]
        else:
            found += _scopes(value)
    return list(dict.fromkeys(found))
