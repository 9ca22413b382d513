"""BigQuery, by Google's client. Every statement is a job, and is billed by the columns that it looks at.

There are no transactions: each page is one statement, of one state. TIMESTAMP is an instant, DATETIME has no
zone, and the driver binds a `datetime` as the one or the other by whether it has one.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from sources._sql.databases.kind import DatabaseKind
from sources._sql.pooled import pooled
from sources._sql.refusal import Refusal, Why
from sources.errors import BadConfig

if TYPE_CHECKING:
    from datetime import timedelta
    from pathlib import Path

    from sqlalchemy.engine import URL, Engine

_HOLDS = {
    "TIMESTAMP": "zoned",
    "DATETIME": "local",
    "DATE": "date",
    **dict.fromkeys(("INTEGER", "INT64"), "integer"),
    **dict.fromkeys(("NUMERIC", "BIGNUMERIC"), "number"),
    "STRING": "text",
}
_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _BAD_REQUEST, _TOO_MANY = 401, 403, 404, 400, 429
_TOO_MUCH = ("rateLimitExceeded", "quotaExceeded", "jobRateLimitExceeded", "billingTierLimitExceeded")
_STOPPED = ("stopped", "timeout")
#: Google's own exceptions by the modules they come from.
_SIGNING_IN, _GOOGLE = "google.auth.", ("google.", "requests.")


def _engine(url: URL, directory: Path, timeout: timedelta) -> Engine:
    if isinstance(file := url.query.get("credentials_path"), str):
        url = url.update_query_dict({"credentials_path": str(directory / file)})
    try:
        engine = pooled(url)
    except FileNotFoundError as error:
        message = f"there is no file {error.filename} with the key of a service account"
        raise BadConfig(message, "url") from None
    except ValueError:
        message = "the options or the service account's key can't be read: see docs/sources.md for the URL"
        raise BadConfig(message, "url") from None
    finally:
        _keep_others_cached()
    _limit(engine, timeout)
    return engine


def _keep_others_cached() -> None:
    """Let other databases' statements with `unnest` be cached, and without a warning.

    The dialect puts its own class in the place of `func.unnest` for all dialects, and does not say that it
    can be cached: PostgreSQL's reflection uses it.
    """
    if dialect := sys.modules.get("sqlalchemy_bigquery.base"):
        dialect.unnest.inherit_cache = True


def _limit(engine: Engine, timeout: timedelta) -> None:
    """Have the server end a job itself that takes too long."""

    def connecting(_dialect: Any, _record: Any, _arguments: Any, named: dict[str, Any]) -> None:
        client = named.get("client")
        if client is not None:
            config = client.default_query_job_config
            config.job_timeout_ms = int(timeout.total_seconds() * 1000)
            client.default_query_job_config = config

    event.listen(engine, "do_connect", connecting)


def _refused(error: Any) -> Refusal | None:
    first = next(iter(getattr(error, "args", ())), None)
    inner = first if isinstance(first, Exception) else error
    module, name = f"{type(inner).__module__}.", type(inner).__name__
    if module.startswith(_SIGNING_IN):
        if name == "TransportError":
            return Refusal(Why.GONE, "", name)
        return Refusal(Why.DENIED, "Google was shown no credentials that it takes", name)
    if not module.startswith(_GOOGLE):
        return None
    return _by_status(inner)


def _by_status(error: Any) -> Refusal:
    status = int(getattr(error, "code", None) or 0)
    details = getattr(error, "errors", None) or ()
    reasons = [str(each.get("reason")) for each in details if isinstance(each, dict)]
    code = reasons[0] if reasons else status or type(error).__name__
    said = " ".join(str(getattr(error, "message", "")).split())
    if status == _TOO_MANY or any(reason in _TOO_MUCH for reason in reasons):
        return Refusal(Why.TOO_MUCH, "", code)
    if status in (_UNAUTHORIZED, _FORBIDDEN):
        return Refusal(Why.DENIED, said, code)
    if any(reason in _STOPPED for reason in reasons):
        return Refusal(Why.TOO_LONG, "", code)
    if status == _NOT_FOUND:
        return Refusal(Why.STATEMENT if "table" in said.lower() else Why.NO_DATABASE, said, code)
    if status == _BAD_REQUEST:
        return Refusal(Why.STATEMENT, said if "invalidQuery" in reasons and "Bad " not in said else "", code)
    return Refusal(Why.GONE, "", code)


BIGQUERY = DatabaseKind(
    engine=_engine,
    clock="SELECT CURRENT_TIMESTAMP()",
    holds=lambda native: _HOLDS.get(str(native).upper(), "other"),
    refused=_refused,
    raises=_GOOGLE,
    indexed=False,
)
