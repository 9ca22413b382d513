"""Where our credentials may go: the host the settings name, and those the user allows."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import Iterable

_NO_URL = "the API answered with a link that is no URL"
_PORTS = {"http": 80, "https": 443}


def _host(url: str) -> str:
    """Return host:port, the port left out where it is the scheme's own."""
    parts = urlsplit(url)
    port = parts.port
    name = (parts.hostname or "").rstrip(".")
    return name if port in (None, _PORTS.get(parts.scheme)) else f"{name}:{port}"


def _secured(url: str) -> str:
    parts: SplitResult = urlsplit(url)
    return urlunsplit(parts._replace(scheme="https", netloc=parts.netloc.removesuffix(":80")))


class Reach:
    """The hosts that a source may talk to.

    Args:
        home: the URL from the settings.
        allow_hosts: further hosts, as ``host`` or ``host:port``.

    """

    def __init__(self, home: str, allow_hosts: Iterable[str] = ()) -> None:
        self._secure = urlsplit(home).scheme == "https"
        self._home = _host(home)
        self._hosts = {self._home, *(host.strip().lower() for host in allow_hosts)}

    def resolve(self, base: str, target: str) -> str:
        """Return the absolute URL of a link found at a base URL.

        A link in the clear, from a home that is https, is taken as https: APIs behind a proxy that
        ends TLS often write their own links so.

        Raises:
            BadConfig: when the link leads to another host, which must not get our credentials.

        """
        try:
            return self.admit(urljoin(base, target))
        except ValueError:
            raise BadConfig(_NO_URL, "url") from None

    def admit(self, url: str) -> str:
        """Return the URL to use, once it is known to lead to one of our hosts.

        Raises:
            BadConfig: when it leads elsewhere, or is no http URL.

        """
        try:
            parts, host = urlsplit(url), _host(url)
        except ValueError:
            raise BadConfig(_NO_URL, "url") from None
        if parts.scheme not in _PORTS or "@" in parts.netloc:
            raise BadConfig("the API answered with a link that is not a plain http or https URL", "url")
        if self._secure and parts.scheme == "http":
            url = _secured(url)
            host = _host(url)
        if host not in self._hosts:
            raise BadConfig(self._refusal(host), "allow_hosts")
        return url

    def _refusal(self, host: str) -> str:
        return (
            f"the API points to another host, {host}; credentials are only sent to {self._home}. "
            f"If the API does answer there, add `allow_hosts: [{host}]`"
        )
