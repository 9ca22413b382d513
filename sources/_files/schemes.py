"""The stores that there are, by the scheme of a URL. What a store needs is imported when it is opened."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

from sources.errors import BadConfig

if TYPE_CHECKING:
    from pathlib import Path

    from sources._files.place import Place
    from sources._files.settings import StorageSettings
    from sources._files.store import FileStore


@dataclass(frozen=True, slots=True)
class Scheme:
    """A kind of store."""

    #: The module with ``open_store(place, storage, directory)``.
    module: str
    #: What ``pip install 'leadrelay[…]'`` brings what it needs by.
    extra: str


SCHEMES = {
    "s3": Scheme("sources._files.s3", "s3"),
    "gs": Scheme("sources._files.gcs", "gcs"),
    "az": Scheme("sources._files.azure", "azure"),
    "sftp": Scheme("sources._files.sftp", "sftp"),
}


def open_store(place: Place, storage: StorageSettings, directory: Path) -> FileStore:
    """Return the store that a place is in. It connects when it is first asked for something.

    Args:
        place: a bucket, a container or a server; its scheme is one of `SCHEMES`.
        storage: how to get in.
        directory: where relative paths in the settings begin.

    Raises:
        SourceError: when it can't be opened, or a package is missing.

    """
    scheme = SCHEMES[place.scheme]
    try:
        module = import_module(scheme.module)
    except ModuleNotFoundError as error:
        lacked = (error.name or "a package").partition(".")[0]
        remedy = f"pip install 'leadrelay[{scheme.extra}]'"
        raise BadConfig(f"{place.scheme}:// needs {lacked}, which is missing: {remedy}", "path") from None
    return cast("FileStore", module.open_store(place, storage, directory))
