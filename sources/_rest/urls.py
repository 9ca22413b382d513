"""URLs in settings: absolute, http or https, without credentials."""

from __future__ import annotations

from typing import Annotated, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator


def _plain(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise ValueError("it is not a URL") from None
    if not usable:
        raise ValueError("it must begin with https:// (or http://) and a host name")
    if "@" in parts.netloc:
        raise ValueError("it holds a user name or a password; put them into `auth: {type: basic, …}`")
    return value


Url: TypeAlias = Annotated[str, AfterValidator(_plain)]
