"""One poll: from each answer to a page, and to the request for the next one."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sources._http.guard import MAX_EMPTY
from sources._http.jsontext import stable_bytes
from sources._rest.extract import Extractor, items_of
from sources._rest.paging_base import Seen
from sources._rest.progress import Progress
from sources._rest.requests import bounds, is_within
from sources._rest.shifting import Shifting
from sources.base import Page, PollRequest, Record
from sources.errors import BadConfig, Unavailable
from sources.http import Answer, ApiClient, Call, LoopGuard, next_link

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from sources._rest.settings import RestSettings
    from sources.position import Position

#: Identical repeats are dropped within so many records; paging over a list that moves repeats some.
_REMEMBERED = 10_000
#: The kinds of paging in which we count.
COUNTED = frozenset({"offset", "page_number"})
#: An API told a date may give two days more than what was meant.
_GENEROUS = timedelta(days=3)


def split(page: Page, size: int) -> Iterator[Page]:
    """Cut a page that is larger than wanted; what holds for the whole is said with its last part."""
    starts = range(0, max(1, len(page.records)), max(1, size))
    for start in starts[:-1]:
        yield Page(page.records[start : start + size], None, last=False)
    yield replace(page, records=page.records[starts[-1] :])


class Reading:
    """What is remembered from page to page.

    Args:
        settings: the source's.
        client: for its reach and its clock.
        zone: of times that carry none.
        request: what the engine asked for.
        first: the request for the first page.

    """

    def __init__(
        self, settings: RestSettings, client: ApiClient, zone: tzinfo, *, request: PollRequest, first: Call
    ) -> None:
        self._settings = settings
        self._client = client
        self._extractor = Extractor(settings, zone)
        self._request = request
        self._call = first
        self._number = 0
        self._empty = 0
        self._content = LoopGuard()
        self._recent: OrderedDict[str, bytes] = OrderedDict()
        self._progress: Progress | None = None
        self._shifting: Shifting | None = None

    def turn(self, answer: Answer) -> tuple[Page, Call | None]:
        """Take the answer to the request that was returned last.

        Raises:
            BadConfig: the settings do not fit the answer, or the API ignores the paging parameter.
            Unavailable: the API leads us on without end.

        """
        self._number += 1
        items = items_of(answer, self._settings.records)
        records, bad, notes = self._extractor.page(items, self._number)
        self._guard(answer, records, items)
        progress = self._follow(answer)
        notes += [said for said in (progress.see(records), self._ignored_since(records)) if said]
        following = self._following(answer, len(items))
        if following is None and (doubt := self._doubt(answer, len(items))):
            notes.append(doubt)
        if progress.is_past(records, bounds(self._request)[0]):
            following = None
        position, said = self._position(progress, records, answer, last=following is None)
        notes += [said] if said else []
        wanted = [
            record for record in records if is_within(record, self._request.window) and self._is_new(record)
        ]
        return Page(wanted, position, following is None, bad, notes), following

    def _position(
        self, progress: Progress, records: list[Record], answer: Answer, *, last: bool
    ) -> tuple[Position | None, str | None]:
        """Return what position holds once this page is staged, and what to tell of it."""
        if not self._settings.by_position:
            return None, None
        found = progress.position(last=last)
        if self._settings.order != "ascending" or self._settings.paging.type not in COUNTED:
            return found, None
        now = self._client.clock.now()
        self._shifting = self._shifting or Shifting(answer.server_time or now)
        self._shifting.see(records, answer.server_time, now)
        if not last:
            return None, None  # only its end tells whether the list has moved
        return self._shifting.held_back(found) if progress.sorted else (found, None)

    def _follow(self, answer: Answer) -> Progress:
        if self._progress is None:
            start = self._request.position if self._settings.by_position else None
            ceiling = answer.server_time or self._client.clock.now()
            self._progress = Progress(self._settings.order, start, ceiling)
        return self._progress

    def _following(self, answer: Answer, count: int) -> Call | None:
        following = self._settings.paging.after(
            Seen(self._call, answer, count, self._client.reach, self._number)
        )
        if following is not None:
            self._call = following
        return following

    def _doubt(self, answer: Answer, count: int) -> str | None:
        """Return what makes us doubt that the first page is the last one."""
        paging = self._settings.paging
        if self._number > 1:
            return None
        if paging.type == "none" and next_link(answer.headers.get("link")):
            return "the answer names a next page in its Link header, and `paging` is not set"
        asked = min(paging.size, self._request.page_size) if paging.size_param else None
        if paging.type in ("cursor", "next_url", "link_header") and count == asked:
            return f"the first page is full ({count} records) and names no next one; is `paging` right?"
        return None

    def _ignored_since(self, records: list[Record]) -> str | None:
        """Return a doubt when an API gives much more than what changed since the time it was told."""
        since, (low, _) = self._settings.since, bounds(self._request)
        if self._number > 1 or since is None or low is None:
            return None
        early = low - _GENEROUS
        count = sum(isinstance(record.changed, datetime) and record.changed < early for record in records)
        if not count:
            return None
        told = f"{count} of {len(records)} records changed long before what was asked for"
        return f"{told}; is `{since.param}` right?"

    def _guard(self, answer: Answer, records: list[Record], items: list[Any]) -> None:
        """End a poll that gets the same page again and again, or nothing but empty ones."""
        self._empty = 0 if items else self._empty + 1
        if self._empty > MAX_EMPTY:
            advice = "set `empty_page: end` if an empty page is the end"
            raise Unavailable(
                f"{answer.where}: {MAX_EMPTY} empty pages in a row, each with a next one; {advice}"
            )
        marks = [(record.key, str(record.changed)) for record in records]
        if marks and self._content.repeats(hashlib.blake2b(stable_bytes(marks), digest_size=16).digest()):
            raise BadConfig(f"{answer.where}: {self._advice()}", "paging")

    def _advice(self) -> str:
        said = f"page {self._number} has the same records as one before it"
        param = getattr(self._settings.paging, "param", None)
        if param is None:
            return said
        return (
            f"{said}; the API seems to ignore `{param}`, or repeats its last page: then say where "
            "the end is, with `more`, `total` or `total_pages`"
        )

    def _is_new(self, record: Record) -> bool:
        """Tell whether this is not the very same record again, from a list that moved between pages."""
        mark = hashlib.blake2b(stable_bytes(record.fields), digest_size=16).digest()
        if self._recent.get(record.key) == mark:
            return False
        self._recent[record.key] = mark
        self._recent.move_to_end(record.key)
        if len(self._recent) > _REMEMBERED:
            self._recent.popitem(last=False)
        return True
