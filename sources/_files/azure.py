"""Files in a container of Azure Blob Storage, Data Lake Storage Gen2 included.

By azure-storage-blob itself, which blocks as a store may, and reads under ``If-Match``, so that what is read
is of the state that was listed. Not by adlfs: each of its file systems lives until the program ends, with
its connections, and it tells of a refusal only half.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azure.core import MatchConditions
from azure.storage.blob import BlobPrefix

from sources._files.azure_account import service_of
from sources._files.azure_failures import telling
from sources._files.quiet import keep_quiet
from sources._files.store import Entry, endless
from sources._http.guard import LoopGuard

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from azure.storage.blob import BlobProperties

    from sources._files.azure_settings import AzureSettings
    from sources._files.place import Place
    from sources._files.store import FileStore


def open_store(place: Place, storage: AzureSettings, directory: Path) -> FileStore:
    """Return a container; it is asked nothing yet.

    Args:
        place: the container, perhaps with its account.
        storage: how to get in.
        directory: of no use here.

    Raises:
        BadConfig: when no account is named, or what is given can't be one.

    """
    del directory
    keep_quiet("azure", "msal", "urllib3")
    return AzureStore(place.authority, storage)


class AzureStore:
    """A container.

    Args:
        authority: its name, or ``container@account.dfs.core.windows.net``.
        storage: how to get in.

    """

    def __init__(self, authority: str, storage: AzureSettings) -> None:
        self._service, self._name = service_of(authority, storage)
        self._container: Any = self._service.get_container_client(self._name)

    def entries(self, prefix: str, *, deep: bool) -> Iterator[Entry]:
        """Yield the blobs whose name begins with a prefix."""
        with telling(self._name, ""):
            asked = {"name_starts_with": prefix, "include": ["metadata"]}
            listed = self._container.list_blobs(**asked) if deep else self._container.walk_blobs(**asked)
            parts, guard = listed.by_page(), LoopGuard()
            for part in parts:
                for each in part:
                    if not isinstance(each, BlobPrefix) and not _is_directory(each):
                        yield _entry(each)
                following = parts.continuation_token
                if following and guard.repeats(following.encode()):
                    raise endless(f"az://{self._name}")

    def entry(self, path: str) -> Entry:
        """Return one blob."""
        with telling(self._name, path):
            return _entry(self._container.get_blob_client(path).get_blob_properties())

    def pieces(self, entry: Entry) -> Generator[bytes]:
        """Yield the content of a blob, as long as it is what the entry tells of."""
        with telling(self._name, entry.path):
            content = self._container.get_blob_client(entry.path).download_blob(
                etag=entry.tag, match_condition=MatchConditions.IfNotModified, max_concurrency=1
            )
            yield from content.chunks()

    def close(self) -> None:
        """Give connections back."""
        self._service.close()


def _entry(blob: BlobProperties) -> Entry:
    """Return a blob as Azure tells of it; a listing writes tags without the quotes that a condition has."""
    etag = str(blob.etag).strip('"')
    return Entry(blob.name, blob.size, etag, f'"{etag}"')


def _is_directory(blob: BlobProperties) -> bool:
    """Tell a directory of Data Lake Storage, which is listed as an empty blob."""
    return str((blob.metadata or {}).get("hdi_isfolder", "")).lower() == "true"
