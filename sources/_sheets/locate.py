"""From the `path` setting to files that can be read, and the state that they are in."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sources._files.place import place_of
from sources._files.schemes import SCHEMES, open_store
from sources._files.settings import StorageSettings
from sources._sheets.files import find_files
from sources._sheets.revision import Revision, content_of, stored_content_of
from sources._sheets.stored import find_stored
from sources._threads import in_thread
from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from contextlib import AbstractAsyncContextManager

    from sources._files.place import Place
    from sources._sheets.plan import Plan
    from sources._sheets.reading import SheetFile
    from sources.base import SourceContext

_FETCHED = ("http", "https")


@dataclass(frozen=True, slots=True)
class Found:
    """The files of a poll; none of them when a server says that nothing has changed."""

    files: Sequence[SheetFile]
    revision: Revision
    #: Whether the setting may mean several files, so that row numbers alone are no keys.
    many: bool = False


def locate(
    plan: Plan, context: SourceContext, known: Revision | None = None
) -> AbstractAsyncContextManager[Found]:
    """Find the files that the settings mean, for as long as they are needed.

    Args:
        plan: what is to be read.
        context: where relative paths begin, and where a download may be kept meanwhile.
        known: the state in which they were read before, so that a server need not send them again.

    Raises:
        SourceError: when there is nothing there to read.

    """
    place = place_of(plan.settings.path)
    if place is None:
        return _local(plan, context)
    if place.scheme in _FETCHED:
        return _remote(plan, context, known)
    if place.scheme not in SCHEMES:
        there = ", ".join(f"{scheme}://" for scheme in (*SCHEMES, *_FETCHED))
        text = f"{place.scheme}:// is not read by this version; there are paths, globs, {there}"
        raise BadConfig(text, "path")
    return _stored(plan, context, place)


@asynccontextmanager
async def _local(plan: Plan, context: SourceContext) -> AsyncIterator[Found]:
    files, many = await in_thread(lambda: find_files(plan.settings.path.strip(), context.directory))
    yield Found(files, Revision(plan.digest(), content_of(files)), many)


@asynccontextmanager
async def _stored(plan: Plan, context: SourceContext, place: Place) -> AsyncIterator[Found]:
    storage = plan.settings.storage or StorageSettings()
    store = await in_thread(lambda: open_store(place, storage, context.directory))
    try:
        files, many = await in_thread(lambda: find_stored(place, store, context.cache))
        yield Found(files, Revision(plan.digest(), stored_content_of(files)), many)
    finally:
        await in_thread(store.close)


@asynccontextmanager
async def _remote(plan: Plan, context: SourceContext, known: Revision | None) -> AsyncIterator[Found]:
    from sources._sheets.download import download

    rules = plan.digest()
    # Under other rules the same bytes mean other records, so they are wanted whatever the server thinks.
    known = known if known is not None and known.rules == rules else None
    async with download(plan.settings.path.strip(), known, context.cache) as file:
        if file is None and known is not None:
            yield Found([], known)
        elif file is not None:
            yield Found([file], Revision(rules, file.content, file.etag, file.modified))
