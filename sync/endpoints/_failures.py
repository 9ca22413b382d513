"""Why there is no answer, in words, and what that says about the lead.

The messages are our own: those of the client repeat whole URLs, whose query may be a secret.
"""

from __future__ import annotations

import os
import re
import socket
import ssl

from sync.endpoints._connection import NoAnswerError, NotHttpError
from sync.endpoints._dialing import ProxyError
from sync.endpoints._exchange import NoAnswer
from sync.endpoints._proxy import BadProxyError
from sync.endpoints.base import Outcome

#: What a proxy says when it will not let us through, whichever lead it is.
_PROXY_REFUSES = frozenset({401, 403, 407})
#: How asyncio tells of several addresses that all failed, each in its own way.
_FIRST_OF_SEVERAL = re.compile(r"\[Errno (\d+)\]")


def not_sent(error: Exception, place: str) -> NoAnswer:
    """Sort what went wrong on the way there.

    Args:
        error: what dialing raised.
        place: host and port.

    """
    outcome, detail = _on_the_way(error, place)
    return NoAnswer(outcome, detail)


def unanswered(error: Exception, place: str, seconds: float, *, has_lead: bool) -> NoAnswer:
    """Sort what went wrong after the request was handed over.

    Args:
        error: what the connection raised.
        place: host and port.
        seconds: since then.
        has_lead: whether a lead was sent, which may have been taken.

    """
    if not has_lead:
        return NoAnswer(Outcome.LATER, f"{place} {_no_reply(error)}")
    detail = f"the request was sent to {place}, and {_no_answer(error, seconds)}"
    return NoAnswer(Outcome.UNKNOWN, detail, seconds)


def _on_the_way(error: Exception, place: str) -> tuple[Outcome, str]:
    if isinstance(error, ProxyError):
        return _at_the_proxy(error, place)
    for_good = _never(error, place)
    if for_good is not None:
        return Outcome.HALT, for_good
    if isinstance(error, TimeoutError) and error.errno is None:
        return Outcome.LATER, f"no connection to {place} in time"
    if isinstance(error, OSError):
        return Outcome.LATER, f"no connection to {place}: {_reason(error)}"
    return Outcome.LATER, f"nothing was sent to {place} ({type(error).__name__})"


def _never(error: Exception, place: str) -> str | None:
    """Return what is wrong with the address itself, or with who answers there; None: something else."""
    if isinstance(error, BadProxyError):
        why = "is a # or @ in its password written as %23, %40?"
        return f"the proxy that {error.variable} names can't be read: {why}"
    if isinstance(error, socket.gaierror):
        return f"the host name in {place} can't be resolved ({_reason(error)})"
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message or _tls(error)
        return f"the certificate of {place} is not valid: {why}"
    if isinstance(error, ssl.SSLError):
        return f"{place} does not speak TLS with us ({_tls(error)})"
    return f"{place} can't be asked for: the host is not valid" if isinstance(error, UnicodeError) else None


def _at_the_proxy(error: ProxyError, place: str) -> tuple[Outcome, str]:
    if error.status is not None:
        outcome = Outcome.HALT if error.status in _PROXY_REFUSES else Outcome.LATER
        return outcome, f"the proxy on the way to {place} answered {error.status}"
    if isinstance(error.error, NotHttpError | NoAnswerError):
        return Outcome.LATER, f"the proxy on the way to {place} {_no_reply(error.error)}"
    why = _reason(error.error) if error.error is not None else "it gave no reason"
    return Outcome.LATER, f"no connection to the proxy on the way to {place}: {why}"


def _no_reply(error: Exception) -> str:
    """Return what came of a request without a lead."""
    if isinstance(error, TimeoutError) and error.errno is None:
        return "does not answer in time"
    if isinstance(error, NotHttpError):
        return "answers with what is not HTTP"
    if isinstance(error, NoAnswerError):
        return "ends the connection without an answer"
    return f"breaks the connection without an answer ({_reason(error)})"


def _no_answer(error: Exception, seconds: float) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer came within {round(seconds, 1):g} seconds"
    if isinstance(error, NoAnswerError):
        return "the connection was closed without an answer"
    if isinstance(error, NotHttpError):
        return "what came back is not HTTP"
    if isinstance(error, OSError):
        return f"the connection broke before an answer came ({_reason(error)})"
    return f"no answer could be read ({type(error).__name__})"


def _reason(error: BaseException) -> str:
    """Return what the system says, as in "Connection refused"; never the error's own text."""
    code = error.errno if isinstance(error, OSError) else None
    if code is None and (first := _FIRST_OF_SEVERAL.search(str(error))):
        code = int(first[1])
    if isinstance(error, socket.gaierror):
        return error.strerror or "no such host"
    return os.strerror(code) if code is not None and code > 0 else type(error).__name__


def _tls(error: ssl.SSLError) -> str:
    """Return OpenSSL's word for it, as in "wrong version number"."""
    return str(error.reason).replace("_", " ").lower() if error.reason else type(error).__name__
