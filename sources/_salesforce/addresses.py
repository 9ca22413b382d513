"""Where an organisation logs in, and whom its JWTs are for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from urllib.parse import SplitResult

PRODUCTION: Final = "https://login.salesforce.com"
SANDBOX: Final = "https://test.salesforce.com"
#: Where people work; no API answers there.
_FOR_PEOPLE: Final = (".lightning.force.com", ".salesforce-setup.com", ".visualforce.com")
_GRANTS: Final = "/services/oauth2/token"
_PAGE: Final = "/services/oauth2/authorize"


def is_safe(parts: SplitResult) -> bool:
    """Tell whether tokens may go to an address: over TLS, or without leaving this machine."""
    here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    return bool(parts.hostname) and (parts.scheme == "https" or here)


def login_host(value: str) -> str:
    """Return scheme and host of a login address.

    Raises:
        ValueError: when it is none; says what one looks like.

    """
    parts = urlsplit(value)
    if not is_safe(parts) or "@" in parts.netloc:
        raise ValueError("write it like https://acme.my.salesforce.com: the My Domain of the organisation")
    host = parts.hostname or ""
    if any(host.endswith(ending) for ending in _FOR_PEOPLE):
        name = host.partition(".")[0]
        raise ValueError(f"people work there; programs log in at https://{name}.my.salesforce.com")
    return f"{parts.scheme}://{parts.netloc}"


def token_url(url: str | None, *, sandbox: bool) -> str:
    """Return where tokens are asked for."""
    return (url or (SANDBOX if sandbox else PRODUCTION)) + _GRANTS


def authorize_url(url: str | None, *, sandbox: bool) -> str:
    """Return the page where a person lets an app in."""
    return (url or (SANDBOX if sandbox else PRODUCTION)) + _PAGE


def audience(url: str | None, *, sandbox: bool) -> str:
    """Return whom a JWT is for: one of two hosts, whatever the My Domain."""
    host = urlsplit(url or "").hostname or ""
    return SANDBOX if sandbox or ".sandbox." in host or host == urlsplit(SANDBOX).hostname else PRODUCTION
