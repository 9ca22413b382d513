"""How Housecall Pro says "slow down" and "denied"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sources._crm.saying import denied, limited
from sources.errors import BadConfig, Denied, RateLimited, SourceError

if TYPE_CHECKING:
    from sources.http import Answer

_UNAUTHORIZED: Final = 401
_REFUSED: Final = "the api_key is not taken; was it revoked? An application's key needs the company_id too"
_MAY_NOT: Final = "the key may not read this; is the company on the MAX plan, which the API comes with?"


def explain(answer: Answer, failure: SourceError) -> SourceError:
    """Return what Housecall Pro means by a failed answer."""
    if isinstance(failure, RateLimited):
        return limited(answer, "a limit that it does not name is reached", failure.retry_after)
    if isinstance(failure, Denied):
        return denied(answer, _REFUSED if answer.status == _UNAUTHORIZED else _MAY_NOT)
    if isinstance(failure, BadConfig) and failure.setting == "url":
        return BadConfig(str(failure), "base_url")
    return failure
