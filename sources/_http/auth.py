"""Ways to prove who we are that need no request of their own. OAuth is in `sources.oauth`."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(slots=True, repr=False)
class Draft:
    """A request that is about to be sent, for credentials to be written on."""

    #: Complete, with its query.
    url: str
    #: Names in lower case.
    headers: dict[str, str]

    def add_to_query(self, name: str, value: str) -> None:
        """Add one parameter, replacing one of that name; the rest of the query stays byte for byte."""
        parts = urlsplit(self.url)
        kept = [piece for piece in parts.query.split("&") if piece and not _is_called(piece, name)]
        query = "&".join([*kept, urlencode({name: value})])
        self.url = urlunsplit(parts._replace(query=query))


def _is_called(piece: str, name: str) -> bool:
    return [found for found, _ in parse_qsl(piece, keep_blank_values=True)] == [name]


class Auth(Protocol):
    """Something that signs requests."""

    async def sign(self, draft: Draft) -> None:
        """Write the credentials on the draft.

        Raises:
            SourceError: when they cannot be had.

        """
        ...

    async def renew(self, draft: Draft) -> bool:
        """Tell whether, after a 401 to this draft, signing again may give better credentials."""
        ...

    def secrets(self) -> Collection[str]:
        """Return the texts that must not appear in any message."""
        ...

    async def close(self) -> None:
        """Give back what it holds."""
        ...


class _Fixed:
    """Credentials that stay as they are."""

    async def renew(self, draft: Draft) -> bool:
        """Return False: the same credentials would be refused again."""
        del draft
        return False

    async def close(self) -> None:
        """Hold nothing, give back nothing."""


class NoAuth(_Fixed):
    """An API that asks nobody who they are."""

    async def sign(self, draft: Draft) -> None:
        """Leave the draft as it is."""

    def secrets(self) -> Collection[str]:
        """Return nothing."""
        return ()


@dataclass(frozen=True, slots=True)
class HeaderAuth(_Fixed):
    """A header with a fixed value: an API key, ``Authorization: Bearer …``."""

    name: str
    value: str = field(repr=False)
    #: What the value was made of, as a server may repeat it.
    made_of: tuple[str, ...] = field(default=(), repr=False)

    async def sign(self, draft: Draft) -> None:
        """Set the header."""
        draft.headers[self.name.lower()] = self.value

    def secrets(self) -> Collection[str]:
        """Return the value, the same without its scheme, and what it was made of."""
        return {self.value, self.value.rpartition(" ")[2], *self.made_of}


@dataclass(frozen=True, slots=True)
class QueryAuth(_Fixed):
    """A query parameter with a fixed value. Servers log it; prefer a header where there is one."""

    name: str
    value: str = field(repr=False)

    async def sign(self, draft: Draft) -> None:
        """Set the parameter."""
        draft.add_to_query(self.name, self.value)

    def secrets(self) -> Collection[str]:
        """Return the value."""
        return {self.value}


def bearer(token: str, scheme: str = "Bearer") -> HeaderAuth:
    """Return ``Authorization: Bearer TOKEN``; some vendors say ``Token`` or ``Zoho-oauthtoken``."""
    return HeaderAuth("authorization", f"{scheme} {token}")


def basic(username: str, password: str) -> HeaderAuth:
    """Return HTTP Basic (RFC 7617, UTF-8); an API key is often the user with an empty password."""
    pair = base64.b64encode(f"{username}:{password}".encode()).decode("ascii")
    return HeaderAuth("authorization", f"Basic {pair}", (password or username,))
