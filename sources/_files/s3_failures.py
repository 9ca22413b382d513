"""What S3 answers instead, in words for the operator.

The codes are those of "Error responses" in the API reference of Amazon S3; what it says itself is repeated,
without anything that may be secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import aiohttp
from botocore import exceptions as boto
from botocore.parsers import ResponseParserError

from sources._files.store import NotThere, changed
from sources._http.retry_after import parse_retry_after
from sources._http.wording import scrub
from sources._rest.secrets import revealed
from sources.errors import BadConfig, Denied, RateLimited, SourceError, Unavailable

if TYPE_CHECKING:
    from sources._files.s3_settings import S3Settings

Telling: TypeAlias = Callable[[str], AbstractContextManager[None]]

#: What to do about a refusal.
_REFUSALS = {
    "AccessDenied": "allow s3:GetObject on the files, and s3:ListBucket on the bucket",
    "AllAccessDisabled": "the bucket is closed to all",
    "ExpiredToken": "the temporary keys have run out",
    "ExpiredTokenException": "the temporary keys have run out",
    "InvalidAccessKeyId": "the access key is not known there",
    "InvalidObjectState": "the file is archived; restore it first",
    "InvalidToken": "the session token does not belong to these keys",
    "RequestTimeTooSkewed": "the clock of this machine is wrong",
    "SignatureDoesNotMatch": "the secret access key does not belong to the access key",
    "TokenRefreshRequired": "the temporary keys have run out",
}
_ELSEWHERE = ("PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed")
_TOO_MUCH = ("SlowDown", "ServiceUnavailable", "Throttling", "ThrottlingException", "RequestLimitExceeded")
_NO_CREDENTIALS = (
    boto.NoCredentialsError,
    boto.PartialCredentialsError,
    boto.CredentialRetrievalError,
    boto.TokenRetrievalError,
    boto.SSOError,
)
_NO_CONNECTION = (boto.EndpointConnectionError, boto.ConnectTimeoutError, boto.ProxyConnectionError)


def telling(bucket: str, storage: S3Settings) -> Telling:
    """Return a context, given the path that is asked for, that turns S3's errors into ours."""
    secrets = [revealed(each) or "" for each in (storage.secret_access_key, storage.session_token)]
    secrets.append(revealed(storage.access_key_id) or "")

    @contextmanager
    def context(path: str) -> Iterator[None]:
        name = f"s3://{bucket}/{path}" if path else f"s3://{bucket}"
        try:
            yield
        except boto.ClientError as error:
            raise _of_answer(error, name, bucket, secrets) from None
        except (boto.BotoCoreError, ResponseParserError, aiohttp.ClientError, OSError) as error:
            raise _of_client(error, name) from None

    return context


def no_s3(name: str) -> BadConfig:
    """Return the error for an answer that is not S3's."""
    text = f"{name}: what answers there does not speak S3; look at `endpoint_url`"
    return BadConfig(text, "storage.endpoint_url")


def _of_answer(error: boto.ClientError, name: str, bucket: str, secrets: list[str]) -> SourceError:
    told: Any = error.response.get("Error", {})
    meta: Any = error.response.get("ResponseMetadata", {})
    code, status = str(told.get("Code", "")), int(meta.get("HTTPStatusCode", 0))
    if code == "NoSuchBucket":
        return BadConfig(f"there is no bucket {bucket} ({code})", "path")
    if code == "NoSuchKey" or status == 404:  # noqa: PLR2004
        return no_s3(name) if name.endswith(f"//{bucket}") else NotThere(f"{name} is not there")
    if status == 412:  # noqa: PLR2004
        return changed(name)
    headers = meta.get("HTTPHeaders", {})
    if code in _ELSEWHERE:
        return _elsewhere(name, str(told.get("Region") or headers.get("x-amz-bucket-region") or ""))
    said = f"{name}: {code}: {scrub(str(told.get('Message', '')), secrets)}"
    return _refusal(said, code, status, headers.get("retry-after"))


def _refusal(said: str, code: str, status: int, wait: str | None) -> SourceError:
    if code in _REFUSALS:
        return Denied(f"{said.rstrip('.')}; {_REFUSALS[code]}")
    if status in (401, 403):
        return Denied(said)
    if code in _TOO_MUCH or status in (429, 503):
        return RateLimited(said, parse_retry_after(wait, datetime.now(UTC)))
    # S3 answers 400 when we were too slow to ask.
    return Unavailable(said) if status >= 500 or code == "RequestTimeout" else BadConfig(said, "path")  # noqa: PLR2004


def _elsewhere(name: str, region: str) -> BadConfig:
    where = f"in the region {region}; say `region: {region}`" if region else "in another region; say which"
    return BadConfig(f"{name} is {where}", "storage.region")


def _of_client(error: Exception, name: str) -> SourceError:
    if isinstance(error, _NO_CREDENTIALS):
        where = "under `storage`, or by AWS_ACCESS_KEY_ID, ~/.aws or the role of this machine"
        why = type(error).__name__
        return Denied(f"{name}: there are no credentials for it ({why}); give them {where}")
    if isinstance(error, boto.SSLError):
        return Unavailable(f"{name}: no secure connection could be made (TLS); look at `endpoint_url`")
    if isinstance(error, _NO_CONNECTION):
        return Unavailable(f"{name}: no connection could be made (DNS, or nothing answers there)")
    if isinstance(error, (boto.ParamValidationError, boto.InvalidRegionError, boto.UnknownEndpointError)):
        return BadConfig(f"{name}: S3 can't be asked for that ({type(error).__name__})", "path")
    return Unavailable(f"{name}: the answer did not come, or not to its end ({type(error).__name__})")
