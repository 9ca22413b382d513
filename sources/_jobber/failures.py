"""How Jobber says "slow down", "denied" and "what?": as a rule in an answer that says 200."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from sources._crm.saying import denied, limited, said
from sources._http.pacing import Transient
from sources._jobber.budget import Cost, cost_in
from sources._jobber.queries import unknown_field
from sources.errors import BadConfig, Denied, RateLimited, SourceError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sources._jobber.kinds import Kind
    from sources.http import Answer

_NOT_FOUND: Final = 404
_TOO_MANY: Final = 429
#: Seconds in which the requests are counted that may be 2,500.
_WINDOW: Final = 300.0
_NOT_TAKEN: Final = "its access token is not taken, nor is a new one; run `leadrelay auth` once more"
#: Validation by the library that Jobber uses: a field is not there, or has fields of its own to choose from.
_NO_FIELD: Final = "undefinedField"
_HAS_FIELDS: Final = "selectionMismatch"
_HIDDEN: Final = re.compile(r"(?:field (\w+) on an )?object of type (\w+) was hidden")
_IS_GONE: Final = re.compile(r"not found|could not be found|does not exist", re.IGNORECASE)


class Unauthenticated(Denied):
    """The access token is not taken; another one may be."""


class TooDear(BadConfig):
    """A query that takes more points than there are ever. A smaller page may do.

    Args:
        message: for the operator, should the page be as small as it can be already.
        share: what part of the page there would be points for.

    """

    def __init__(self, message: str, share: float) -> None:
        super().__init__(message, "mapping")
        self.share = share


def inspecting(kind: Kind) -> Callable[[Answer], SourceError | None]:
    """Return what looks at answers that say 200: one with errors is none, whatever else it holds.

    That a record is not there is left to whoever asked for that record.
    """

    def inspect(answer: Answer) -> SourceError | None:
        errors = errors_in(answer)
        if not errors:
            return _flat(answer)
        if is_gone(answer):
            return None
        codes = [_code(each) for each in errors]
        if "THROTTLED" in codes:
            return _throttled(answer, kind)
        if "UNAUTHENTICATED" in codes:
            return Unauthenticated(f"{said(answer)}: {_NOT_TAKEN}")
        return _wrong(answer, errors, kind)

    return inspect


def explain(answer: Answer, failure: SourceError) -> SourceError:
    """Return what Jobber means by an answer that says something else than 200."""
    if answer.status == _NOT_FOUND and "version" in _message(answer):
        text = "it has no such version of its API; its changelog names those there are"
        return BadConfig(f"{answer.where} answered {answer.status}: {text}", "api_version")
    if isinstance(failure, RateLimited) and answer.status == _TOO_MANY:
        wait = failure.retry_after if failure.retry_after is not None else _WINDOW
        return limited(answer, "the limit of requests in five minutes is reached", wait)
    return denied(answer, _NOT_TAKEN) if isinstance(failure, Denied) else failure


def errors_in(answer: Answer) -> Sequence[Any]:
    """Return the errors of an answer, be it that data came with them."""
    found = answer.data.get("errors") if isinstance(answer.data, dict) else None
    return found if isinstance(found, list) else [found] if found else []


def is_gone(answer: Answer) -> bool:
    """Tell whether all that an answer complains about is that a record is not there."""
    errors = [each for each in errors_in(answer) if isinstance(each, dict)]
    return bool(errors) and all(
        each.get("path") and (_code(each) == "NOT_FOUND" or _IS_GONE.search(str(each.get("message"))))
        for each in errors
    )


def _throttled(answer: Answer, kind: Kind) -> SourceError:
    cost = cost_in(answer)
    if cost is None:
        return limited(answer, "there are not enough points for this query", None)
    if cost.requested > cost.maximum:
        return TooDear(_dear(cost, kind), cost.maximum / cost.requested)
    wait = cost.wait_for(cost.requested)
    return limited(answer, f"{cost.requested:,.0f} points are needed, {cost.available:,.0f} are left", wait)


def _dear(cost: Cost, kind: Kind) -> str:
    points = f"{cost.requested:,.0f} points of {cost.maximum:,.0f}"
    return f"a single {kind.one} takes {points} that there are ever; let the mapping read fewer lists"


def _wrong(answer: Answer, errors: Sequence[Any], kind: Kind) -> SourceError:
    """Return the error for what is neither a limit nor about the token."""
    for each in errors:
        extensions = each.get("extensions") if isinstance(each, dict) else None
        told = extensions if isinstance(extensions, dict) else {}
        if _code(each) == _NO_FIELD:
            return _no_field(str(told.get("typeName")), str(told.get("fieldName")), kind)
        if _code(each) == _HAS_FIELDS:
            return _has_fields(str(told.get("nodeName")), kind)
    hidden = _HIDDEN.search(" ".join(str(each.get("message")) for each in errors if isinstance(each, dict)))
    if hidden:
        what = f"{hidden[2]}.{hidden[1]}" if hidden[1] else hidden[2]
        return denied(answer, f"the app may not read {what}; give it that scope, and authorise it again")
    codes = [code for each in errors if (code := _code(each))]
    text = f"{said(answer)} with errors instead of all that was asked for"
    return Unavailable(text) if "BAD_USER_INPUT" in codes else Transient(text)


def _no_field(holder: str, name: str, kind: Kind) -> SourceError:
    if holder == kind.type and name not in kind.known:
        return unknown_field(kind, name)
    text = f"this version of Jobber's API has no {holder}.{name}; do without it, or choose another version"
    return BadConfig(text, "api_version")


def _has_fields(name: str, kind: Kind) -> SourceError:
    field = re.sub(r"\W.*", "", name.removeprefix("field '"))
    text = f"has fields of its own; say which of them to ask for, by `selections`: {field}: {{ … }}"
    return BadConfig(f"the {field} of a {kind.one} {text}", "selections")


def _flat(answer: Answer) -> SourceError | None:
    """Return the error for what is refused before there is a query: a message, and no data."""
    data = answer.data if isinstance(answer.data, dict) else {}
    if "data" in data or "message" not in data:
        return None
    if "token" in _message(answer):
        return Unauthenticated(f"{said(answer)}: {_NOT_TAKEN}")
    return Unavailable(f"{said(answer)} without data")


def _message(answer: Answer) -> str:
    data = answer.data if isinstance(answer.data, dict) else {}
    return str(data.get("message", "")).lower()


def _code(error: Any) -> str:
    extensions = error.get("extensions") if isinstance(error, dict) else None
    return str(extensions.get("code", "")) if isinstance(extensions, dict) else ""
