"""URLs in settings: what is wrong with one is said before the first lead is sent there."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, NoReturn
from urllib.parse import SplitResult, quote, urlsplit

from pydantic import AfterValidator, WithJsonSchema

from sync.endpoints._place import Place

#: A host name as DNS knows it; a name with an underscore is common inside of container networks.
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?")
#: Endings that never leave a private network (RFC 6762, RFC 8375, RFC 9476 and ICANN's .internal).
_PRIVATE_NAMES = (".local", ".internal", ".home.arpa", ".lan", ".test", ".localhost")
#: A part of a path that is rather a secret than a name: long, with letters and digits mixed.
_TOKEN_LIKE = re.compile(r"(?=[^/]*\d)(?=[^/]*[A-Za-z])[^/]{20,}")
_FIX = "write it like https://hooks.example.com/leads"


def _refuse(message: str) -> NoReturn:
    raise ValueError(message)


def is_loopback(host: str) -> bool:
    """Tell whether a host is this very machine."""
    host = host.rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = _address(host)
    return address is not None and address.is_loopback


def is_private(host: str) -> bool:
    """Tell whether a host is certainly inside of a private network: no dot, a private address."""
    host = host.rstrip(".").lower()
    address = _address(host)
    if address is not None:
        return address.is_private or address.is_link_local
    return "." not in host or host.endswith(_PRIVATE_NAMES)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def checked_url(value: str) -> str:
    """Return a URL, stripped, that can be sent to.

    Raises:
        ValueError: says what is wrong and how it is written; never a query or a password.

    """
    value = value.strip()
    if not value:
        _refuse("is empty; " + _FIX)
    if re.search(r"[\s\x00-\x1f\x7f]", value):
        _refuse("holds white space or a line break: was it copied with one?")
    parts = _split(value)
    if parts.username is not None or parts.password is not None:
        _refuse("holds a user name or a password; put them into a header, where they stay secret")
    if parts.fragment or value.endswith("#"):
        _refuse("holds a #, and what follows it is never sent; leave it out")
    return value


def _split(value: str) -> SplitResult:
    scheme, separator, _ = value.partition("://")
    if not separator:
        _refuse("has no https:// in front; " + _FIX)
    if scheme.lower() not in ("http", "https"):
        _refuse(f"{scheme[:12]!r} is not https; " + _FIX)
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        _refuse("the host or the port after :// can't be read; " + _FIX)
    if not host or not _is_host(host):
        _refuse("there is no host name after ://; " + _FIX)
    return parts


def _is_host(host: str) -> bool:
    if _address(host.partition("%")[0]) is not None:
        return True
    try:
        name = Place(host, 443, tls=True).ascii_host.lower()
    except UnicodeError:
        return False
    # A last part of digits only is a mistyped address (192.168.1.300), never a name.
    return _HOST.fullmatch(name) is not None and not name.rstrip(".").rpartition(".")[2].isdigit()


def _only_loopback_in_clear(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        _refuse("http:// would send the key and people's data unencrypted; write https://")
    return value


def _only_private_in_clear(value: str) -> str:
    parts = urlsplit(value)
    host = parts.hostname or ""
    if parts.scheme == "http" and not (is_loopback(host) or is_private(host)):
        _refuse("http:// would send people's data unencrypted over the internet; write https://")
    return value


def _base(value: str) -> str:
    parts = urlsplit(value)
    if parts.query or value.endswith("?"):
        _refuse("is the beginning of a URL and can't hold a ?; leave it out")
    return value if value.endswith("/") else value + "/"


def path_segment(value: str) -> str:
    """Return a text percent-encoded, so that it is one part of a path whatever it holds."""
    return quote(value, safe="")


def shown(url: str) -> str:
    """Return a URL for messages: without its query, and without parts of the path that look secret."""
    parts = urlsplit(url)
    path = "/".join("…" if _TOKEN_LIKE.fullmatch(part) else part for part in parts.path.split("/"))
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{path}{'?…' if parts.query else ''}"


def secret_parts(url: str) -> list[str]:
    """Return what `shown` leaves out of a URL, each as it is written there."""
    parts = urlsplit(url)
    hidden = [part for part in parts.path.split("/") if _TOKEN_LIKE.fullmatch(part)]
    values = [pair.partition("=")[2] or pair for pair in parts.query.split("&")]
    return [part for part in (*hidden, parts.query, *values) if part]


_SCHEMA = WithJsonSchema({"type": "string", "format": "uri", "pattern": "^https?://"})
#: The beginning of a URL, ending in a slash; plain http only to this machine.
BaseUrl = Annotated[
    str, AfterValidator(checked_url), AfterValidator(_only_loopback_in_clear), AfterValidator(_base), _SCHEMA
]
#: A whole URL; plain http only to this machine or into a private network.
Url = Annotated[str, AfterValidator(checked_url), AfterValidator(_only_private_in_clear), _SCHEMA]
