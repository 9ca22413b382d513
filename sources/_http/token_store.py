"""Where refresh tokens are kept that the vendor replaces each time they are used."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import re
import tempfile
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

from filelock import FileLock, Timeout

from sources.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from sources._http.tokens import OAuthApp

#: Seconds to wait for another process that is renewing the same token.
_LOCK_WAIT = 60.0


class TokenStore(Protocol):
    """Keeps the newest refresh token of one authorisation."""

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


class MemoryTokenStore:
    """Keeps it until the process ends. A rotated token is lost then; see `FileTokenStore`."""

    def __init__(self) -> None:
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


class FileTokenStore:
    """Keeps it in a file that only its owner can read, replaced as a whole.

    Losing the file loses the authorisation where the vendor rotates tokens: the one in the settings
    is used up by then, and a person has to authorise again.

    Args:
        path: the file; its directory is made when it is not there.

    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @asynccontextmanager
    async def exclusive(self) -> AsyncIterator[None]:
        """Keep other tasks and other processes on this machine out.

        Raises:
            Unavailable: when another process holds it for a minute.

        """
        lock = FileLock(self.path.with_suffix(".lock"), timeout=_LOCK_WAIT, thread_local=False, mode=0o600)
        try:
            await asyncio.to_thread(self._acquire, lock)
        except Timeout:
            raise Unavailable(
                f"{lock.lock_file}: another process has been renewing this token for a minute"
            ) from None
        except OSError as error:
            raise Unavailable(f"{lock.lock_file}: cannot be locked: {error.strerror}") from error
        try:
            yield
        finally:
            lock.release()

    async def load(self) -> str | None:
        """Return the token last saved.

        Raises:
            Unavailable: when the file is there and can't be read; using an older token then could
                revoke the authorisation.

        """
        return await asyncio.to_thread(self._load)

    async def save(self, token: str) -> None:
        """Keep this token: it is on the disk when this returns."""
        await asyncio.to_thread(self._save, token)

    def _acquire(self, lock: FileLock) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire()

    def _load(self) -> str | None:
        try:
            kept = json.loads(self.path.read_text("utf-8"))
            return str(kept["refresh_token"])
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Unavailable(f"{self.path}: cannot be read: {error.strerror}") from error
        except (ValueError, KeyError, TypeError):
            raise Unavailable(
                f"{self.path}: holds no refresh token; delete it to use the one in the settings"
            ) from None

    def _save(self, token: str) -> None:
        # mkstemp makes the file 0600 before anything is in it.
        handle, temporary = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"refresh_token": token}, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self.path)  # noqa: PTH105 as os.fsync: one level
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108 the same
            raise
        _sync_directory(self.path.parent)


def _sync_directory(directory: Path) -> None:
    """Make the new name of a file survive a power cut, on systems that can."""
    if os.name != "posix":
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def token_store(cache: Path | None, source: str, app: OAuthApp, refresh_token: str) -> TokenStore:
    """Return the store for one source's authorisation: a file in its cache, or memory without one.

    The name holds a digest of the token in the settings, so that one set there newly is what counts.
    """
    if cache is None:
        return MemoryTokenStore()
    said = f"{app.token_url} {app.client_id} {refresh_token}".encode()
    name = re.sub(r"[^A-Za-z0-9_-]", "_", source)[:60]
    return FileTokenStore(cache / f"oauth-{name}-{hashlib.blake2b(said, digest_size=8).hexdigest()}.json")
