"""One request and one answer, as data that never shows a secret."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sources._http.jsontext import stable_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_DIGEST_BYTES = 16
_CHARSET = re.compile(r"""charset=["']?([\w.:-]+)""", re.IGNORECASE)


def place_of(url: str) -> str:
    """Return a URL for messages: scheme, host, port and path, without user, query or fragment."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """A request before credentials are added to it."""

    #: Absolute. Its own query is kept; `params` of the same name replace what it says.
    url: str
    method: str = "GET"
    #: Query parameters; a list is sent as repeated parameters, None is left out.
    params: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Sent as JSON unless None.
    body: Any = None
    #: Sent as an HTML form unless None; not together with `body`.
    form: Mapping[str, str] | None = None
    #: Whether sending it twice does no harm. True for everything that only reads.
    repeatable: bool = True

    @property
    def where(self) -> str:
        """The address for messages."""
        return place_of(self.url)

    def __repr__(self) -> str:
        """Return method and address; the rest may hold secrets."""
        return f"<Call {self.method} {self.where}>"

    def to(self, url: str) -> Call:
        """Return the same request to a URL that is complete as it is: parameters are dropped."""
        return replace(self, url=url, params={})

    def digest(self) -> bytes:
        """Return a digest that is equal for equal requests."""
        said = [self.method, self.url, dict(self.params), self.body, dict(self.form or {})]
        return hashlib.blake2b(stable_bytes(said), digest_size=_DIGEST_BYTES).digest()


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What came back, read to its end."""

    call: Call
    status: int
    #: Names are found whatever their case.
    headers: Mapping[str, str]
    body: bytes
    #: The parsed JSON; None when there was no body, and for failures whose body is not JSON.
    data: Any = None

    @property
    def where(self) -> str:
        """The address for messages."""
        return self.call.where

    def __repr__(self) -> str:
        """Return status and size; the body may hold people."""
        return f"<Answer {self.status} {self.where}, {len(self.body)} bytes>"

    @property
    def content_type(self) -> str:
        """The media type without parameters, lower case; empty when the server gave none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str:
        """The charset that the server declares; empty when it declares none."""
        found = _CHARSET.search(self.headers.get("content-type", ""))
        return found[1] if found else ""

    @property
    def server_time(self) -> datetime | None:
        """The server's clock as it answered (Date, plus Age when a cache answered), if it told."""
        try:
            date = parsedate_to_datetime(self.headers["date"])
        except (KeyError, ValueError):
            return None
        if date.tzinfo is None:  # RFC 5322: "-0000" says UTC of unknown origin
            return None
        age = self.headers.get("age", "").strip()
        return date + timedelta(seconds=int(age) if age.isdecimal() and len(age) < 7 else 0)  # noqa: PLR2004
