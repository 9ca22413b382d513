"""How Airtable says "slow down" and "denied", and that it has forgotten where a list went on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sources._airtable.access import SCOPES
from sources._crm.saying import denied, limited
from sources.errors import BadConfig, Denied, RateLimited, SourceError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from sources.http import Answer

#: After a 429 nothing is answered for so many seconds, and each request in them is another 429.
_PENALTY: Final = 30.0
#: The requests of a month are used up; an upgrade may come before the next one.
_MONTH_WAIT: Final = 3_600.0
_UNAUTHORIZED: Final = 401
_EXPIRED: Final = "LIST_RECORDS_ITERATOR_NOT_AVAILABLE"
_FORMULA: Final = "INVALID_FILTER_BY_FORMULA"
_NOT_TAKEN: Final = "the token is not taken; was it deleted or made anew, or the integration removed?"
_MAY_NOT: Final = (
    "there is no such base or table, or the token may not read it: it needs access to the base, and the "
    f"scopes {' and '.join(SCOPES)}"
)


class Expired(Unavailable):
    """Airtable has forgotten where a list goes on: it has to be read from its beginning."""


def explaining(formula_of: str) -> Callable[[Answer, SourceError], SourceError]:
    """Return what turns a failed answer into what Airtable means by it.

    Args:
        formula_of: the setting that a formula which is not taken comes from.

    """

    def explain(answer: Answer, failure: SourceError) -> SourceError:
        code = code_of(answer)
        if code == _EXPIRED:
            return Expired(f"{answer.where} has forgotten where its list goes on ({code})")
        if isinstance(failure, RateLimited):
            return _limit(answer, failure, code)
        if isinstance(failure, Denied):
            return denied(answer, _NOT_TAKEN if answer.status == _UNAUTHORIZED else _MAY_NOT)
        if isinstance(failure, BadConfig):
            return BadConfig(str(failure), _setting(code, failure.setting, formula_of))
        return failure

    return explain


def code_of(answer: Answer) -> str:
    """Return the name of an error; Airtable writes it in three ways."""
    data = answer.data if isinstance(answer.data, dict) else {}
    error, errors = data.get("error"), data.get("errors")
    if isinstance(error, dict):
        return str(error.get("type") or "")
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        return str(errors[0].get("error") or "")
    return str(error or "")


def _limit(answer: Answer, failure: RateLimited, code: str) -> RateLimited:
    if "BILLING" in code:
        wait = failure.retry_after or _MONTH_WAIT
        return limited(answer, "the requests that the plan allows in a month are used up", wait)
    return limited(answer, "the limit of a second is reached", failure.retry_after or _PENALTY)


def _setting(code: str, before: str | None, formula_of: str) -> str | None:
    if code == _FORMULA:
        return formula_of
    return "table" if before == "url" else before
