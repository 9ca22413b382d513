"""The proxy that the environment names, found once: HTTPS_PROXY, HTTP_PROXY, NO_PROXY."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from sync.endpoints._place import Place
from sync.endpoints._urls import is_loopback

if TYPE_CHECKING:
    from urllib.parse import SplitResult


class BadProxyError(Exception):
    """The environment names a proxy that can't be read."""

    def __init__(self, variable: str) -> None:
        super().__init__(variable)
        self.variable = variable


@dataclass(frozen=True, slots=True)
class Proxy:
    """Through whom requests go."""

    place: Place
    #: What the proxy wants to be told, as in Proxy-Authorization.
    header_lines: tuple[str, ...] = field(default=(), repr=False)


def environment_proxy(place: Place) -> Proxy | None:
    """Return the proxy on the way to a server, None for none. This machine is never asked for through one.

    Raises:
        BadProxyError: when there is one that can't be read.

    """
    if is_loopback(place.host) or proxy_bypass(f"{place.host}:{place.port}"):
        return None
    scheme = "https" if place.tls else "http"
    named = getproxies_environment().get(scheme)
    if not named:
        return None
    try:
        return _read(urlsplit(named if "://" in named else f"http://{named}"))
    except ValueError:
        raise BadProxyError(f"{scheme}_proxy".upper()) from None


def _read(url: SplitResult) -> Proxy:
    tls = url.scheme.lower() == "https"
    if not url.hostname or url.fragment:
        raise ValueError  # a # in a password, as a rule, which cuts it off
    return Proxy(Place(url.hostname, url.port or (443 if tls else 80), tls), _authorization(url))


def _authorization(url: SplitResult) -> tuple[str, ...]:
    if url.username is None:
        return ()
    pair = f"{unquote(url.username)}:{unquote(url.password or '')}".encode()
    return (f"Proxy-Authorization: Basic {base64.b64encode(pair).decode()}",)
