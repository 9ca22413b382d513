"""Where an environment of Dataverse answers: a host of its own, in one of Microsoft's clouds."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

#: An environment's host; `api` in its middle is the same environment, and some answers name it so.
_HOST: Final = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9_-]*)(?:\.api)?"
    r"\.(?P<region>crm\d*\.(?:dynamics\.com|microsoftdynamics\.us|appsplatform\.us|dynamics\.cn))"
)
_LIKE: Final = "https://contoso.crm.dynamics.com"


def environment(value: str) -> str:
    """Return scheme and host of an environment; what stands behind the host is dropped.

    Raises:
        ValueError: when it is none; says what one looks like.

    """
    parts = urlsplit(value.strip().lower())
    found = _HOST.fullmatch(parts.hostname or "")
    if parts.scheme != "https" or found is None or "@" in parts.netloc or parts.port not in (None, 443):
        raise ValueError(
            f"write it like {_LIKE}: the address of the environment, as the browser shows it in the app"
        )
    return f"https://{found['name']}.{found['region']}"


def other_hosts(base: str) -> tuple[str, ...]:
    """Return the further hosts of the environment at an address, which may get its tokens."""
    found = _HOST.fullmatch(urlsplit(base).hostname or "")
    return (f"{found['name']}.api.{found['region']}",) if found else ()
