"""What Azure Blob Storage answers instead, in words for the operator.

The codes are those of "Blob service error codes" in its REST reference; of what it says beside them only the
first line is repeated, since others hold what was signed.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ServiceRequestError,
)

from sources._files.store import NotThere, changed
from sources._http.retry_after import parse_retry_after
from sources._http.wording import scrub
from sources.errors import BadConfig, Denied, RateLimited, SourceError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What to do about a refusal.
_REFUSALS = {
    "AuthenticationFailed": "the key, the signature or the token is wrong or has run out",
    "AuthorizationFailure": "the network rules of the account do not let this machine in",
    "AuthorizationPermissionMismatch": "give the role Storage Blob Data Reader, or read and list",
    "KeyBasedAuthenticationNotPermitted": "the account takes no keys; let an app in by `client_secret`",
    "NoAuthenticationInformation": "the container is not public; leave `anonymous` out",
    "PublicAccessNotPermitted": "the account lets nobody read without credentials; leave `anonymous` out",
    "ResourceNotFound": "the container is not public, or not there",
}
_NO_CONTAINER = ("ContainerNotFound", "ContainerBeingDeleted")
_TOO_MUCH = ("ServerBusy", "TooManyRequests")


@contextmanager
def telling(container: str, path: str) -> Iterator[None]:
    """Turn Azure's errors into ours.

    Args:
        container: which is asked,
        path: and for what; empty for the container itself.

    Raises:
        SourceError: in the place of Azure's.

    """
    name = f"az://{container}/{path}" if path else f"az://{container}"
    try:
        yield
    except HttpResponseError as error:
        raise _of_answer(error, name, container) from None
    except ServiceRequestError:
        text = (
            "no connection could be made (DNS, TLS, or nothing answers there); is the account's name right?"
        )
        raise Unavailable(f"{name}: {text}") from None
    except (AzureError, OSError) as error:
        raise _unfinished(error, name) from None


def _unfinished(error: Exception, name: str) -> Unavailable:
    return Unavailable(f"{name}: the answer did not come, or not to its end ({type(error).__name__})")


def _of_answer(error: HttpResponseError, name: str, container: str) -> SourceError:
    code, status = _code(error), error.status_code or 0
    first = (error.message or "").strip().partition("\n")[0]
    said = f"{name}: {code or status or 'not asked'}: {scrub(first, ())}"
    if code in _NO_CONTAINER:
        return BadConfig(f"there is no container {container} ({code})", "path")
    if code in ("BlobNotFound", "ResourceNotFound") or status == 404:  # noqa: PLR2004
        return NotThere(f"{name} is not there")
    if status == 412:  # noqa: PLR2004
        return changed(name)
    if not status and isinstance(error, ClientAuthenticationError):
        return Denied(f"{said}; look at the credentials under `storage`")
    if not status:
        return _unfinished(error, name)
    return _refusal(said, code, status, error)


def _refusal(said: str, code: str, status: int, error: HttpResponseError) -> SourceError:
    if status in (401, 403) or code in _REFUSALS:
        return Denied(f"{said.rstrip('.')}; {_REFUSALS[code]}" if code in _REFUSALS else said)
    if status in (429, 503) or code in _TOO_MUCH:
        headers = getattr(error.response, "headers", {})
        return RateLimited(said, parse_retry_after(headers.get("retry-after"), datetime.now(UTC)))
    return BadConfig(said, "path") if 400 <= status < 500 and status != 408 else Unavailable(said)  # noqa: PLR2004


def _code(error: HttpResponseError) -> str:
    code = getattr(error, "error_code", None)
    return str(getattr(code, "value", code) or "")
