"""The words of HubSpot: pages, batches and errors, as it writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.rest_server import Reply

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_CORRELATION = "aeb5f871-7f07-4993-9211-075dc63e7cbf"


def time(at: datetime) -> str:
    """Return a time as v3 writes it: in UTC, with three decimals or none."""
    text = at.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{at.microsecond // 1000:03d}Z" if at.microsecond else f"{text}Z"


def page(items: Sequence[Any], after: str | None) -> dict[str, Any]:
    """Return a page; only one that is not the last has `paging`."""
    more = {"paging": {"next": {"after": after, "link": f"?after={after}"}}} if after else {}
    return {"results": list(items), **more}


def batch(items: Sequence[Any], missing: Sequence[str]) -> Reply:
    """Return a batch: 207 with errors when some of it is not there."""
    said: dict[str, Any] = {"status": "COMPLETE", "results": list(items)}
    said |= {"startedAt": "2026-03-04T12:00:00.000Z", "completedAt": "2026-03-04T12:00:00.010Z"}
    if not missing:
        return Reply(said)
    context = {"ids": list(missing)}
    told = {"status": "error", "category": "OBJECT_NOT_FOUND", "message": "not found", "context": context}
    return Reply({**said, "numErrors": 1, "errors": [told]}, status=207)


def error(status: int, category: str, message: str, **more: Any) -> Reply:
    """Return an error."""
    said = {"status": "error", "message": message, "correlationId": _CORRELATION, "category": category}
    return Reply({**said, **more}, status=status)


def invalid(message: str) -> Reply:
    """Return the refusal of a request that makes no sense."""
    return error(400, "VALIDATION_ERROR", message)


def missing_scope(scope: str) -> Reply:
    """Return the refusal of a request that the token does not allow."""
    one = {"message": "One or more of the following scopes are required.", "context": {}}
    one["context"] = {"requiredGranularScopes": [scope]}
    text = "This app hasn't been granted all required scopes to make this call."
    return error(403, "MISSING_SCOPES", text, errors=[one])


def limited(policy: str) -> Reply:
    """Return the refusal of one request too many. It says which limit, and not how long."""
    said = {"status": "error", "message": f"You have reached your {policy.lower()} limit."}
    said |= {"errorType": "RATE_LIMIT", "correlationId": _CORRELATION, "policyName": policy}
    return Reply(said, status=429)
