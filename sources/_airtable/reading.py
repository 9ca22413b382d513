"""One poll of a table.

Airtable keeps the order of a list as it was when it was begun, and gives the values that a record has by now.
So times are in no order, and only at the end of a list is it known up to which time all was read.
"""

from __future__ import annotations

from contextlib import aclosing, closing
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from sources._airtable.api import LARGEST, AirtableApi, Found, Wanted
from sources._airtable.failures import Expired
from sources._airtable.formulas import both, changed_since
from sources._airtable.records import OWN, Maker
from sources._crm.wanted import has_ways, wanted
from sources._http.jsontext import stable_bytes
from sources._marks import Marks
from sources._rest.progress import Progress
from sources._rest.requests import bounds, is_within
from sources.base import Page, PollRequest, Position, Record
from sources.errors import BadRecord

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from sources._airtable.settings import AirtableSettings

#: A list that Airtable has forgotten is begun anew so often.
_TRIES: Final = 3
_DIGEST_BYTES: Final = 16


@dataclass
class Reading:
    """Reads what is wanted of a table."""

    api: AirtableApi
    settings: AirtableSettings
    request: PollRequest
    _progress: Progress | None = None
    #: What was given already: digests of records with their values, by id.
    _given: Marks = field(default_factory=Marks)

    async def pages(self) -> AsyncGenerator[Page, None]:
        """Yield all records that are wanted; the last page has the position.

        Raises:
            SourceError: see `Airtable.poll`.

        """
        with closing(self._given):
            async with aclosing(self._all()) as pages:
                async for page in pages:
                    yield page

    async def _all(self) -> AsyncGenerator[Page, None]:
        wanted = self._wanted()
        maker = Maker(self.settings.changed, wanted.names or ())
        for left in reversed(range(_TRIES)):
            try:
                async with aclosing(self.api.listed(wanted)) as pages:
                    async for found, last in pages:
                        yield self._page(found, maker, last=last)
            except Expired:
                if not left:
                    raise
            else:
                return

    def _wanted(self) -> Wanted:
        changed = self.settings.changed
        low, _ = bounds(self.request)
        since = changed_since(changed, low) if changed is not None and low is not None else None
        always = [changed] if changed is not None else []
        # A name that it does not know fails the whole list; `Owner.email` is none, `No. of rooms` may be one.
        reads = None if has_ways(self.request.fields) else self.request.fields
        names = wanted(reads, always=always, never=OWN)
        size = max(1, min(self.request.page_size, LARGEST))
        return Wanted(both(self.settings.filter, since), names, size)

    def _page(self, found: Found, maker: Maker, *, last: bool) -> Page:
        if self._progress is None:
            self._progress = Progress("unordered", self.request.position, found.present)
        records: list[Record] = []
        bad: list[BadRecord] = []
        for number, item in enumerate(found.items, 1):
            if self._is_given(item):
                continue
            try:
                records.append(maker.record(item, f"item {number}"))
            except BadRecord as error:
                bad.append(error)
        self._progress.see(records)
        window = self.request.window if self.settings.changed is not None else None
        records = [record for record in records if is_within(record, window)]
        return Page(records, self._position(last=last), last, bad, maker.notes() if last else [])

    def _position(self, *, last: bool) -> Position | None:
        if self._progress is None or self.settings.changed is None:
            return None
        return self._progress.position(last=last)

    def _is_given(self, item: Any) -> bool:
        """Tell whether a record was given before as it is now, and remember that it is now."""
        key = str(item.get("id")) if isinstance(item, dict) else ""
        mark = blake2b(stable_bytes(item), digest_size=_DIGEST_BYTES).digest()
        return not self._given.put(key, mark)
