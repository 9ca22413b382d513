"""What Google Cloud Storage answers instead, in words for the operator.

Statuses and reasons are those of "HTTP status and error codes for JSON" in its reference; what it says itself
is repeated, without anything that may be secret.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import aiohttp
from gcsfs.retry import HttpError, NonRetryableError
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError, TransportError

from sources._files.store import NotThere, changed
from sources._http.retry_after import parse_retry_after
from sources._http.wording import error_codes, scrub
from sources.errors import BadConfig, Denied, RateLimited, SourceError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_BUCKET = "bucket does not exist"
#: Reasons of a 403 that pass.
_TOO_MUCH = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded"})
_ALLOW = "allow storage.objects.get and storage.objects.list, as the role Storage Object Viewer does"


@contextmanager
def telling(name: str) -> Iterator[None]:
    """Turn errors of the libraries into ours.

    Args:
        name: what messages call the file or the bucket.

    Raises:
        SourceError: in the place of theirs.

    """
    try:
        yield
    except DefaultCredentialsError as error:
        where = "`service_account_file` under `storage`, or by GOOGLE_APPLICATION_CREDENTIALS or gcloud"
        text = f"there are no credentials for it ({_first(error)}); give them by {where}"
        raise Denied(f"{name}: {text}") from None
    except TransportError as error:
        text = f"Google could not be asked for an access token ({_first(error)})"
        raise Unavailable(f"{name}: {text}") from None
    except (HttpError, NonRetryableError, GoogleAuthError) as error:
        raise Denied(f"{name}: Google gives no access token: {_first(error.__cause__ or error)}") from None
    except TimeoutError:
        raise Unavailable(f"{name}: no answer in time") from None
    except aiohttp.ClientConnectorError:
        raise Unavailable(
            f"{name}: no connection could be made (DNS, TLS, or nothing answers there)"
        ) from None
    except (aiohttp.ClientError, OSError) as error:
        why = type(error).__name__
        raise Unavailable(f"{name}: the answer did not come, or not to its end ({why})") from None


def _first(error: BaseException) -> str:
    """Return what an error says, without the answer that Google's library puts beside it."""
    return scrub(str(error.args[0] if error.args else type(error).__name__), ())


def no_gcs(name: str) -> BadConfig:
    """Return the error for an answer that is not Google's."""
    text = f"{name}: what answers there is not Google Cloud Storage; look at `endpoint_url`"
    return BadConfig(text, "storage.endpoint_url")


def failure(answer: aiohttp.ClientResponse, body: bytes, bucket: str, path: str) -> SourceError:
    """Return the error that an answer stands for.

    Args:
        answer: one that is no success.
        body: JSON, or plain text where content was asked for.
        bucket: which was asked,
        path: and for what.

    """
    told = _json(body)
    name = f"gs://{bucket}/{path}" if path else f"gs://{bucket}"
    status, text = answer.status, _text(told, body)
    if status == 404:  # noqa: PLR2004
        if _NO_BUCKET in text or not path:
            return BadConfig(f"there is no bucket {bucket} ({status})", "path")
        return NotThere(f"{name} is not there")
    if status == 412:  # noqa: PLR2004
        return changed(name)
    said = f"{name}: {status}: {scrub(text, ())}".rstrip(": ")
    if status in (429, 503) or _TOO_MUCH & set(error_codes(told)):
        wait = parse_retry_after(answer.headers.get("retry-after"), datetime.now(UTC))
        return RateLimited(said, wait)
    return _refusal(said, status)


def _refusal(said: str, status: int) -> SourceError:
    if status == 403:  # noqa: PLR2004
        return Denied(f"{said.rstrip('.')}; {_ALLOW}")
    if status == 401:  # noqa: PLR2004
        return Denied(said)
    return Unavailable(said) if status >= 500 or status == 408 else BadConfig(said, "path")  # noqa: PLR2004


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _text(told: Any, body: bytes) -> str:
    error = told.get("error") if isinstance(told, dict) else None
    if isinstance(error, dict):
        return str(error.get("message") or "")
    return "" if body.lstrip().startswith(b"<") else body.decode("utf-8", "replace")
