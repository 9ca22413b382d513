"""Why there is no answer, in words, and what that says about the lead.

The messages are our own: those of the client repeat whole URLs, whose query may be a secret.
"""

from __future__ import annotations

import os
import ssl
from typing import TYPE_CHECKING

import aiohttp

from sync.endpoints._exchange import NoAnswer
from sync.endpoints.base import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.endpoints._payload import Body

#: What a proxy says when it will not let us through, whichever lead it is.
_PROXY_REFUSES = frozenset({401, 403, 407})


def no_answer(error: Exception, place: str, data: Body | None, clock: Callable[[], float]) -> NoAnswer:
    """Sort a failure.

    Args:
        error: what the client raised.
        place: host and port.
        data: the body that was to be sent, if there was one.
        clock: the clock that the body's start was taken from.

    """
    if data is None or data.started is None:
        outcome, detail = _not_sent(error, place)
        return NoAnswer(outcome, detail)
    seconds = clock() - data.started
    return NoAnswer(Outcome.UNKNOWN, f"the request was sent to {place}, and {_unanswered(error, seconds)}", seconds)


def _not_sent(error: Exception, place: str) -> tuple[Outcome, str]:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return Outcome.HALT, f"the host name in {place} can't be resolved ({_reason(error.os_error)})"
    if isinstance(error, ssl.SSLCertVerificationError | aiohttp.ClientConnectorCertificateError):
        return Outcome.HALT, f"the certificate of {place} is not valid: {_certificate(error)}"
    if isinstance(error, ssl.SSLError):
        return Outcome.HALT, f"{place} does not speak TLS with us ({_tls(error)})"
    if isinstance(error, aiohttp.ClientHttpProxyError):
        outcome = Outcome.HALT if error.status in _PROXY_REFUSES else Outcome.LATER
        return outcome, f"the proxy on the way to {place} answered {error.status}"
    if isinstance(error, aiohttp.InvalidURL):
        return Outcome.HALT, f"{place} can't be asked for: the URL is not valid"
    return Outcome.LATER, _not_connected(error, place)


def _not_connected(error: Exception, place: str) -> str:
    if isinstance(error, TimeoutError) and getattr(error, "errno", None) is None:
        return f"no connection to {place} in time"
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return f"no connection to the proxy on the way to {place}: {_reason(error.os_error)}"
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"no connection to {place}: {_reason(error.os_error)}"
    if isinstance(error, aiohttp.ClientConnectionError | OSError):
        return f"the connection to {place} was over before the request was sent"
    return f"nothing was sent to {place} ({type(error).__name__})"


def _unanswered(error: Exception, seconds: float) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer came within {seconds:.3g} seconds"
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "the connection was closed without an answer"
    if isinstance(error, aiohttp.ClientResponseError):
        return "what came back is not HTTP"
    if isinstance(error, OSError | aiohttp.ClientConnectionError):
        return f"the connection broke before an answer came ({_reason(error)})"
    return f"no answer could be read ({type(error).__name__})"


def _reason(error: BaseException) -> str:
    """Return what the system says, as in "Connection refused"; never the error's own text."""
    code = getattr(error, "errno", None)
    if isinstance(code, int) and code > 0:
        return os.strerror(code)
    return str(getattr(error, "strerror", None) or type(error).__name__)


def _certificate(error: Exception) -> str:
    """Return what is wrong with a certificate, as in "certificate has expired"."""
    inner = getattr(error, "certificate_error", error)
    return str(getattr(inner, "verify_message", None) or _tls(inner))


def _tls(error: BaseException) -> str:
    """Return OpenSSL's word for it, as in "wrong version number"."""
    inner = getattr(error, "os_error", error)
    reason = getattr(inner, "reason", None)
    return str(reason).replace("_", " ").lower() if reason else type(inner).__name__
