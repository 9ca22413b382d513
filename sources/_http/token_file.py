"""Refresh tokens in files: replaced as a whole, one renewal at a time, encrypted where there is a key."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import stat
import tempfile
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from sources._http.token_seal import VARIABLE, token_keys
from sources.errors import BadConfig, Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

#: Seconds to wait for another process that is renewing the same token.
_LOCK_WAIT = 60.0


class FileTokenStore:
    """Keeps it in a file that only its owner can read, replaced as a whole.

    Losing the file loses the authorisation where the vendor rotates tokens: the one in the settings
    is used up by then, and a person has to authorise again. With keys in the environment (see
    `sources._http.token_seal`) it is encrypted, also one that was kept before there were any. Without,
    it is kept as it is, and only used while nobody else may read the file.

    Args:
        path: the file; its directory is made when it is not there.
        owner: the source whose token it is; a file that was copied from another's is not used.

    """

    def __init__(self, path: Path, owner: str = "") -> None:
        self.path = path
        self.owner = owner

    @asynccontextmanager
    async def exclusive(self) -> AsyncIterator[None]:
        """Keep other tasks and other processes on this machine out.

        Raises:
            BadConfig: when what the environment gives as keys is none, before any token is asked for.
            Unavailable: when another process holds it for a minute.

        """
        token_keys()
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
            BadConfig: when it takes another key, or others may read it.

        """
        return await asyncio.to_thread(self._load)

    async def save(self, token: str) -> None:
        """Keep this token: it is on the disk when this returns."""
        await asyncio.to_thread(self._save, token)

    def kept(self) -> str:
        """Return where it is kept, and how, for people."""
        if token_keys():
            return f"{self.path}, encrypted"
        return f"{self.path}, not encrypted, readable by you alone; {VARIABLE} would encrypt it"

    @property
    def _of(self) -> str:
        return f"{self.owner}/{self.path.name}"

    def _acquire(self, lock: FileLock) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire()

    def _load(self) -> str | None:
        try:
            kept = self._read()
            if kept is None:
                return None
            return self._newest(kept, self._token(kept))
        except OSError as error:
            raise Unavailable(f"{self.path}: cannot be read: {error.strerror}") from error
        except (ValueError, KeyError, TypeError):
            raise Unavailable(
                f"{self.path}: holds no refresh token; delete it to use the one in the settings"
            ) from None

    def _read(self) -> Mapping[str, Any] | None:
        """Return what the file holds; one that others may read is not trusted with a plain token."""
        try:
            with self.path.open(encoding="utf-8") as file:
                others = os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077
                kept = dict(json.load(file))
        except FileNotFoundError:
            return None
        if others and "sealed" not in kept:
            raise BadConfig(
                f"{self.path}: holds a token that is not encrypted, and others on this machine may read it; "
                f"`chmod 600` it, or authorise again with {VARIABLE} set"
            )
        return kept

    def _token(self, kept: Mapping[str, Any]) -> str:
        if kept.get("of", self._of) != self._of:
            raise Unavailable(f"{self.path}: was kept for another source, so it is not used; delete it")
        if "sealed" not in kept:
            return str(kept["refresh_token"])
        try:
            return token_keys().unseal(kept, self._of)
        except BadConfig as error:
            raise BadConfig(f"{self.path}: {error}") from None
        except Unavailable as error:
            raise Unavailable(f"{self.path}: {error}") from None

    def _newest(self, kept: Mapping[str, Any], token: str) -> str:
        """Encrypt what is not encrypted yet, or with an older key, so that this key can be given up."""
        if not token_keys().is_newest(kept):
            self._save(token)
        return token

    def _save(self, token: str) -> None:
        keys = token_keys()
        document = {"of": self._of, **(keys.seal(token, self._of) if keys else {"refresh_token": token})}
        self._clear()
        # mkstemp makes the file 0600 before anything is in it.
        handle, temporary = tempfile.mkstemp(dir=self.path.parent, prefix=self._temporary)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(document, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self.path)  # noqa: PTH105 as os.fsync: one level
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108 the same
            raise
        _sync_directory(self.path.parent)

    @property
    def _temporary(self) -> str:
        return f".{self.path.name}."

    def _clear(self) -> None:
        """Remove what a process left that was killed while it saved."""
        for entry in os.scandir(self.path.parent):
            if entry.name.startswith(self._temporary):
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)  # noqa: PTH108 as above


def kept_in_plain(directory: Path) -> list[Path]:
    """Return the files in a directory of tokens that are not encrypted.

    Raises:
        BadConfig: as `token_keys`.

    """
    token_keys()
    return [path for path in sorted(directory.glob("oauth-*.json")) if _is_plain(path)]


def _is_plain(path: Path) -> bool:
    try:
        return "refresh_token" in json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, TypeError):
        return False  # whoever uses it says what is wrong with it


def _sync_directory(directory: Path) -> None:
    """Make the new name of a file survive a power cut, on systems that can."""
    if os.name != "posix":
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
