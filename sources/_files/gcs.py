"""Files in a bucket of Google Cloud Storage.

Requests as in the reference of the JSON API (v1): Objects: list, and Objects: get with
``ifGenerationMatch``, so that what is read is of the state that was listed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import aiohttp
from gcsfs import GCSFileSystem
from yarl import URL

from sources._files.gcs_account import credentials_of
from sources._files.gcs_failures import failure, no_gcs, telling
from sources._files.own_loop import OwnLoop
from sources._files.quiet import keep_quiet
from sources._files.store import Entry, endless
from sources._http.guard import LoopGuard

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from sources._files.gcs_settings import GcsSettings
    from sources._files.place import Place
    from sources._files.store import FileStore

#: Seconds for a connection, and for each wait for a piece of an answer.
_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=30)
_PIECE = 1 << 20
_OBJECT = "name,size,generation,md5Hash"


def open_store(place: Place, storage: GcsSettings, directory: Path) -> FileStore:
    """Return a bucket; it is asked nothing yet.

    Args:
        place: the bucket.
        storage: how to get in.
        directory: where the path of a key begins.

    """
    keep_quiet("gcsfs", "fsspec", "google", "urllib3")
    return GcsStore(place.authority, storage, directory)


class GcsStore:
    """A bucket.

    Args:
        bucket: its name.
        storage: how to get in.
        directory: where the path of a key begins.

    """

    def __init__(self, bucket: str, storage: GcsSettings, directory: Path) -> None:
        self._bucket = bucket
        self._storage = storage
        self._directory = directory
        self._loop = OwnLoop()
        self._files: Any = None

    def entries(self, prefix: str, *, deep: bool) -> Iterator[Entry]:
        """Yield the objects whose name begins with a prefix."""
        asked = {"prefix": prefix, "fields": f"items({_OBJECT}),nextPageToken"}
        asked |= {} if deep else {"delimiter": "/"}
        guard = LoopGuard()
        while True:
            told = self._json("", asked)
            for each in told.get("items", ()):
                yield _entry(each)
            following = told.get("nextPageToken")
            if not following:
                return
            if guard.repeats(str(following).encode()):
                raise endless(self._name(""))
            asked["pageToken"] = following

    def entry(self, path: str) -> Entry:
        """Return one object."""
        return _entry(self._json(path, {"fields": _OBJECT}))

    def pieces(self, entry: Entry) -> Generator[bytes]:
        """Yield the content of an object, as long as it is what the entry tells of."""
        name = self._name(entry.path)
        with telling(name):
            answer = self._loop.run(
                self._ask(entry.path, {"alt": "media", "ifGenerationMatch": str(entry.tag)})
            )
            try:
                while piece := self._loop.run(answer.content.read(_PIECE)):
                    yield piece
            finally:
                answer.close()

    def close(self) -> None:
        """Give connections back."""
        files, self._files = self._files, None
        if files is not None and files.session is not None:
            self._loop.run(files.session.close())
        self._loop.close()

    def _name(self, path: str) -> str:
        return f"gs://{self._bucket}/{path}" if path else f"gs://{self._bucket}"

    def _json(self, path: str, asked: dict[str, str]) -> dict[str, Any]:
        """Return what is told of an object, or of the bucket's objects without a path."""
        with telling(self._name(path)):
            return self._loop.run(self._told(path, asked))

    async def _told(self, path: str, asked: dict[str, str]) -> dict[str, Any]:
        async with await self._ask(path, asked) as answer:
            body = await answer.read()
        try:
            told = json.loads(body)
        except ValueError:
            told = None
        if not isinstance(told, dict) or (path and "generation" not in told):
            raise no_gcs(self._name(path))
        return told

    async def _ask(self, path: str, asked: dict[str, str]) -> aiohttp.ClientResponse:
        """Return the answer to a request, its body still to come.

        Not by gcsfs' own calls: they wait on their own for up to a minute, and tell of a refusal only half.
        """
        if self._files is None:
            credentials = credentials_of(self._storage, self._directory)
            self._files = GCSFileSystem(
                token=credentials,
                access="read_only",
                endpoint_url=self._storage.endpoint_url,
                session_kwargs={"trust_env": True},  # proxies are told by the environment
                asynchronous=True,
                skip_instance_cache=True,
            )
            await self._files._set_session()  # noqa: SLF001 - what every one of its calls begins with
        place = f"{self._files.base}b/{quote(self._bucket, safe='')}/o"
        place += f"/{quote(path, safe='')}" if path else ""
        headers = self._files._get_headers(None)  # noqa: SLF001 - gets an access token where the last one runs out
        url = URL(f"{place}?{urlencode(asked)}", encoded=True)
        answer: aiohttp.ClientResponse = await self._files.session.get(
            url, headers=headers, timeout=_TIMEOUT, allow_redirects=False
        )
        if answer.status != 200:  # noqa: PLR2004
            async with answer:
                raise failure(answer, await answer.read(), self._bucket, path)
        return answer


def _entry(told: dict[str, Any]) -> Entry:
    """Return an object as Google tells of it.

    The digest is not there for objects that were composed of parts; the generation changes with each upload,
    also of the same content.
    """
    state = told.get("md5Hash") or told["generation"]
    size = int(told.get("size", 0))
    return Entry(told["name"], size, f"{state} {size}", str(told["generation"]))
