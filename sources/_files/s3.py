"""Files in an S3 bucket, at AWS or wherever S3 is spoken.

Requests as in the API reference of Amazon S3 (API version 2006-03-01): ListObjectsV2, and GetObject with
``If-Match``, so that what is read is of the state that was listed.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from aiobotocore.session import AioSession
from botocore.exceptions import ClientError, ProfileNotFound
from s3fs import S3FileSystem

from sources._files.own_loop import OwnLoop
from sources._files.quiet import keep_quiet
from sources._files.s3_failures import no_s3, telling
from sources._files.store import Entry, endless
from sources._http.guard import LoopGuard
from sources._rest.secrets import revealed
from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from sources._files.place import Place
    from sources._files.s3_settings import S3Settings
    from sources._files.store import FileStore

#: Seconds for a connection, and for each wait for a piece of an answer.
_CONNECT, _WAIT = 10, 30
_PIECE = 1 << 20
_TOTAL = re.compile(r"bytes \S+/(\d+)")


def open_store(place: Place, storage: S3Settings, directory: Path) -> FileStore:
    """Return a bucket; it is asked nothing yet.

    Args:
        place: the bucket.
        storage: how to get in.
        directory: of no use here.

    Raises:
        BadConfig: when the profile is not there.

    """
    del directory
    keep_quiet("aiobotocore", "botocore", "s3fs", "fsspec")
    return S3Store(place.authority, storage)


class S3Store:
    """A bucket.

    Args:
        bucket: its name, or the ARN of an access point.
        storage: how to get in.

    """

    def __init__(self, bucket: str, storage: S3Settings) -> None:
        self._bucket = bucket
        self._loop = OwnLoop()
        session, options = _session(storage.profile), _options(storage)
        self._files = S3FileSystem(session=session, asynchronous=True, skip_instance_cache=True, **options)
        self._client: Any = None
        self._telling = telling(bucket, storage)

    def entries(self, prefix: str, *, deep: bool) -> Iterator[Entry]:
        """Yield the objects whose key begins with a prefix."""
        asked = {"Bucket": self._bucket, "Prefix": prefix} | ({} if deep else {"Delimiter": "/"})
        guard = LoopGuard()
        while True:
            with self._telling(""):
                answer = self._ask("list_objects_v2", **asked)
            if not {"Name", "KeyCount", "Contents"} & answer.keys():
                raise no_s3(f"s3://{self._bucket}")
            for each in answer.get("Contents", ()):
                yield _entry(each["Key"], each["Size"], each["ETag"])
            following = answer.get("NextContinuationToken") if answer.get("IsTruncated") else None
            if following is None:
                return
            if guard.repeats(following.encode()):
                raise endless(f"s3://{self._bucket}")
            asked["ContinuationToken"] = following

    def entry(self, path: str) -> Entry:
        """Return one object, by reading its first byte: what answers HEAD can't say what is wrong."""
        with self._telling(path):
            try:
                answer = self._ask("get_object", Bucket=self._bucket, Key=path, Range="bytes=0-0")
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") != "InvalidRange":
                    raise
                return Entry(path, 0, "empty")  # it has no first byte
            answer["Body"].close()
            total = _TOTAL.fullmatch(answer.get("ContentRange", ""))
            return _entry(path, int(total[1]) if total else answer["ContentLength"], answer["ETag"])

    def pieces(self, entry: Entry) -> Generator[bytes]:
        """Yield the content of an object, as long as it is what the entry tells of."""
        held = {} if entry.tag is None else {"IfMatch": entry.tag}
        with self._telling(entry.path):
            body = self._ask("get_object", Bucket=self._bucket, Key=entry.path, **held)["Body"]
            try:
                while piece := self._loop.run(body.read(_PIECE)):
                    yield piece
            finally:
                body.close()

    def close(self) -> None:
        """Give connections back."""
        client, self._client = self._client, None
        if client is not None:
            self._loop.run(client.close())
        self._loop.close()

    def _ask(self, operation: str, **arguments: Any) -> dict[str, Any]:
        """Return what S3 answers to an operation."""
        return self._loop.run(self._answer(operation, arguments))

    async def _answer(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if self._client is None:
            self._client = await self._files.set_session()
        return cast("dict[str, Any]", await getattr(self._client, operation)(**arguments))


def _entry(path: str, size: int, etag: str) -> Entry:
    return Entry(path, size, f"{etag.strip(chr(34))} {size}", etag)


def _options(storage: S3Settings) -> dict[str, Any]:
    style = {"s3": {"addressing_style": storage.addressing}} if storage.addressing else {}
    return {
        "key": revealed(storage.access_key_id),
        "secret": revealed(storage.secret_access_key),
        "token": revealed(storage.session_token),
        "anon": storage.anonymous,
        "endpoint_url": storage.endpoint_url,
        "client_kwargs": {"region_name": storage.region} if storage.region else {},
        "config_kwargs": {"connect_timeout": _CONNECT, "read_timeout": _WAIT, **style},
    }


def _session(profile: str | None) -> AioSession:
    session = AioSession(profile=profile)
    session.register_component("data_loader", _loader())
    try:
        session.get_scoped_config()
    except ProfileNotFound:
        text = f"there is no profile {profile} in ~/.aws/config or ~/.aws/credentials of this user"
        raise BadConfig(text, "storage.profile" if profile else "storage") from None
    return session


@cache
def _loader() -> Any:
    """Return what reads the descriptions of AWS's services, which takes 0.1 s for each that does it anew."""
    return AioSession().get_component("data_loader")
