"""Where refresh tokens are kept that the vendor replaces each time they are used."""

from __future__ import annotations

import asyncio
import hashlib
import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

from sources._http.token_file import FileTokenStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from sources._http.tokens import OAuthApp


class TokenStore(Protocol):
    """Keeps the newest refresh token of one authorisation."""

    #: The source whose token it is.
    owner: str

    def exclusive(self) -> AbstractAsyncContextManager[None]:
        """Keep everybody else from renewing meanwhile."""
        ...

    async def load(self) -> str | None:
        """Return the token last saved, None when there is none."""
        ...

    async def save(self, token: str) -> None:
        """Keep this token from now on.

        Raises:
            OSError: when it can't be kept.

        """
        ...

    def kept(self) -> str:
        """Return where it is kept, and how, for people."""
        ...


class MemoryTokenStore:
    """Keeps it until the process ends. A rotated token is lost then; see `FileTokenStore`."""

    def __init__(self, owner: str = "") -> None:
        self.owner = owner
        self._token: str | None = None
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def exclusive(self) -> AsyncIterator[None]:
        """Keep other tasks out."""
        async with self._lock:
            yield

    async def load(self) -> str | None:
        """Return the token last saved."""
        return self._token

    async def save(self, token: str) -> None:
        """Keep this token."""
        self._token = token

    def kept(self) -> str:
        """Return that it is gone with the process."""
        return "in memory, until the program ends"


def token_store(cache: Path | None, source: str, app: OAuthApp, refresh_token: str | None) -> TokenStore:
    """Return the store for one source's authorisation: a file in its cache, or memory without one.

    The name holds a digest of the client and the token in the settings (None: there is none, a person
    authorised it by `leadrelay auth`), so that what is set there newly is what counts.
    """
    if cache is None:
        return MemoryTokenStore(source)
    said = f"{app.token_url} {app.client_id} {refresh_token or ''}".encode()
    name = re.sub(r"[^A-Za-z0-9_-]", "_", source)[:60]
    digest = hashlib.blake2b(said, digest_size=8).hexdigest()
    return FileTokenStore(cache / f"oauth-{name}-{digest}.json", source)
