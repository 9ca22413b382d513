"""Which answer means what: every status and every transport failure is sorted once, here."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

import httpx

from sources._http.pacing import Transient
from sources._http.retry_after import parse_retry_after
from sources._http.wording import said, sentence, sounds_rate_limited
from sources.errors import BadConfig, Denied, RateLimited, SourceError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from sources._http.call import Answer

_OK = range(200, 300)
_NOT_MODIFIED = 304
#: Failures of the server or of something on the way; 420 and 406 are Salesforce's, and pass as well.
_PASSING = frozenset({408, 420, 425})
_SERVER_FAULT = 500
#: The first kind of error found at or under a failure names it.
_REASONS: dict[type[BaseException], str] = {
    socket.gaierror: "its host name cannot be found (DNS)",
    ConnectionRefusedError: "nothing answers there (connection refused)",
    httpx.ProxyError: "the proxy refused the connection",
    httpx.ConnectError: "no connection could be made",
    httpx.DecodingError: "the answer could not be decompressed",
}
_UNSENDABLE = (
    "the request cannot be sent: a header value or the URL holds a character that HTTP does not allow"
)
_NOT_HERE = {404: "url", 405: "method", 410: "url"}


def failure_of(
    answer: Answer,
    now: datetime,
    limit_statuses: Collection[int] = (),
    secrets: Collection[str] = (),
) -> SourceError | None:
    """Return the error that an answer's status stands for; None when it is a good answer.

    Args:
        answer: what came back.
        now: our clock, for a Retry-After date from a server that sends no Date.
        limit_statuses: further statuses by which this API says that we ask too often.
        secrets: texts to take out of the message.

    """
    status = answer.status
    if status in _OK or status == _NOT_MODIFIED:
        return None
    wait = parse_retry_after(answer.headers.get("retry-after"), answer.server_time or now)
    if _limited(answer, wait, limit_statuses):
        return RateLimited(_limit_message(answer, wait), wait)
    if status in (401, 402, 403):
        return Denied(f"{said(answer)}: it refuses our credentials or permissions")
    if status >= _SERVER_FAULT or status in _PASSING:
        return Transient(f"{said(answer)}: it has a problem of its own")
    if 300 <= status < 400:  # noqa: PLR2004
        return Unavailable(f"{said(answer)}, a redirect that cannot be followed")
    text = sentence(answer.data, secrets)
    return BadConfig(
        said(answer) + (f": {text}" if text else ": it refuses this request"), _NOT_HERE.get(status)
    )


def _limited(answer: Answer, wait: float | None, limit_statuses: Collection[int]) -> bool:
    status = answer.status
    if status == 429 or status in limit_statuses:  # noqa: PLR2004
        return True
    if status == 503:  # noqa: PLR2004
        return wait is not None
    return status == 403 and (wait is not None or sounds_rate_limited(answer.body))  # noqa: PLR2004


def _limit_message(answer: Answer, wait: float | None) -> str:
    told = "without saying for how long" if wait is None else f"for {wait:.0f} s"
    return f"{said(answer)}: it asks to be left alone {told}"


def transport_failure(error: httpx.RequestError, where: str, timeout: float) -> SourceError:
    """Return the error for a request that got no whole answer. No text of the request is repeated."""
    chain = list(_causes(error))
    tls = next((cause for cause in chain if isinstance(cause, ssl.SSLError)), None)
    if tls is not None:
        reason = (
            getattr(tls, "verify_message", None)
            or getattr(tls, "reason", None)
            or "no secure connection could be made"
        )
        return Unavailable(f"{where}: TLS failed: {reason}")
    if isinstance(error, (httpx.LocalProtocolError, httpx.UnsupportedProtocol)):
        text = (
            "the request cannot be sent; a header value or the URL holds a character that HTTP does not allow"
        )
        return BadConfig(f"{where}: {text}", "headers")
    return Transient(f"{where}: {_reason(error, chain, timeout)}")


def unsendable(where: str) -> BadConfig:
    """Return the error for a request that cannot be put on the wire, whose own text may be a secret."""
    return BadConfig(f"{where}: {_UNSENDABLE}", "headers")


def _reason(error: httpx.RequestError, chain: list[BaseException], timeout: float) -> str:
    if isinstance(error, httpx.TimeoutException):
        return f"no answer within {timeout:g} s"
    for kind, reason in _REASONS.items():
        if any(isinstance(cause, kind) for cause in chain):
            return reason
    return f"the connection was cut before the answer was complete ({type(error).__name__})"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Walk to what lies under an error, through groups as well."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting += [current.__cause__, current.__context__, *getattr(current, "exceptions", ())]
