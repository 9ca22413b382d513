"""The proxy that the environment names, found once: HTTPS_PROXY, HTTP_PROXY, NO_PROXY."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.request import getproxies_environment, proxy_bypass

from yarl import URL

from sync.endpoints._urls import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Proxy:
    """Through whom requests go; nobody when there is no URL."""

    url: URL | None = None
    #: What the proxy wants to be told, as in Proxy-Authorization.
    headers: Mapping[str, str] | None = field(default=None, repr=False)


def environment_proxy(url: URL) -> Proxy:
    """Return the proxy for a URL. This machine is never asked for through one."""
    host = url.host or ""
    if is_loopback(host) or proxy_bypass(f"{host}:{url.port}"):
        return Proxy()
    named = getproxies_environment().get(url.scheme)
    if not named:
        return Proxy()
    proxy = URL(named if "://" in named else f"http://{named}")
    return Proxy(proxy.with_user(None), _authorization(proxy))


def _authorization(proxy: URL) -> Mapping[str, str] | None:
    if proxy.user is None:
        return None
    pair = f"{proxy.user}:{proxy.password or ''}".encode()
    return {"Proxy-Authorization": f"Basic {base64.b64encode(pair).decode()}"}
