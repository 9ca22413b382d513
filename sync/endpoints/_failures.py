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
    if data is None:
        outcome, detail = _not_sent(error, place) or (Outcome.LATER, f"{place} {_no_reply(error)}")
        return NoAnswer(outcome, detail)
    if data.started is None:
        outcome, detail = _not_sent(error, place) or (Outcome.LATER, _not_begun(error, place))
        return NoAnswer(outcome, detail)
    seconds = clock() - data.started
    return NoAnswer(
        Outcome.UNKNOWN, f"the request was sent to {place}, and {_unanswered(error, seconds)}", seconds
    )


def too_early(place: str) -> NoAnswer:
    """Return what is to be said of an answer that came before anything was asked."""
    return NoAnswer(Outcome.LATER, f"{place} answered before the request was sent")


def _not_sent(error: Exception, place: str) -> tuple[Outcome, str] | None:
    """Sort what goes wrong on the way there; None when it is something else."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return Outcome.HALT, f"the host name in {place} can't be resolved ({_reason(error.os_error)})"
    if isinstance(error, ssl.SSLError | ssl.CertificateError):
        return Outcome.HALT, _tls_fault(error, place)
    if isinstance(error, aiohttp.InvalidURL):
        return Outcome.HALT, f"{place} can't be asked for: the URL is not valid"
    if isinstance(error, aiohttp.ClientHttpProxyError | aiohttp.ClientProxyConnectionError):
        return _proxy_fault(error, place)
    if isinstance(error, aiohttp.ClientConnectorError):
        return Outcome.LATER, f"no connection to {place}: {_reason(error.os_error)}"
    return None


def _tls_fault(error: Exception, place: str) -> str:
    if isinstance(error, ssl.CertificateError | aiohttp.ClientConnectorCertificateError):
        return f"the certificate of {place} is not valid: {_certificate(error)}"
    return f"{place} does not speak TLS with us ({_tls(error)})"


def _proxy_fault(
    error: aiohttp.ClientHttpProxyError | aiohttp.ClientProxyConnectionError, place: str
) -> tuple[Outcome, str]:
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return Outcome.LATER, f"no connection to the proxy on the way to {place}: {_reason(error.os_error)}"
    outcome = Outcome.HALT if error.status in _PROXY_REFUSES else Outcome.LATER
    return outcome, f"the proxy on the way to {place} answered {error.status}"


def _not_begun(error: Exception, place: str) -> str:
    if isinstance(error, TimeoutError) and getattr(error, "errno", None) is None:
        return f"no connection to {place} in time"
    if isinstance(error, aiohttp.ClientConnectionError | OSError):
        return f"the connection to {place} was over before the request was sent"
    return f"nothing was sent to {place} ({type(error).__name__})"


def _no_reply(error: Exception) -> str:
    """Return what came of a request without a lead."""
    if isinstance(error, TimeoutError) and getattr(error, "errno", None) is None:
        return "does not answer in time"
    if isinstance(error, aiohttp.ClientResponseError):
        return "answers with what is not HTTP"
    return f"ends the connection without an answer ({_reason(error)})"


def _unanswered(error: Exception, seconds: float) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer came within {round(seconds, 1):g} seconds"
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
