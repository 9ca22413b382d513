"""Any JSON API that lists records, declared in connector.yaml.

contacts:
  type: rest
  url: https://api.example.com/v1/contacts
  auth: {type: bearer, token: "${TOKEN}"}
  records: data
  key: id
  changed: updated_at
  since: {param: updated_since}
  paging: {type: cursor, cursor: meta.next_cursor, param: cursor, size_param: limit, size: 100}
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from sources._rest.auth import AuthContext, RefreshTokenAuth
from sources._rest.extract import Extractor, failure_in, items_of
from sources._rest.paging_base import Seen
from sources._rest.reading import Reading, split
from sources._rest.requests import first_call
from sources._rest.settings import RestSettings
from sources._rest.unchanged import ask_if_changed, basis_of, holds_the_same, token_for
from sources.base import Page, PollRequest, Position, SourceContext, SourceSettings
from sources.errors import BadConfig
from sources.http import ApiClient, ClientOptions, Clock, PageGuard, SystemClock, walk

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from sources.base import Record
    from sources.errors import SourceError
    from sources.http import Answer, Call
    from sources.oauth import OAuthFlow

__all__ = ["Rest", "RestSettings"]

_NOT_MODIFIED = 304
#: How far back the request reaches that only asks what time it is at the server.
_RECENT = timedelta(hours=1)
_MOST_NAMES = 12


class Rest:
    """Reads records from a JSON API.

    With `changed` and a way to ask (`since`, or `order: descending`) it goes by position: the newest
    change time seen, never past the server's clock. Otherwise every poll is a snapshot; one that fits
    on a single page is not read again while the server, or the content, says it is the same.

    Args:
        settings: see `RestSettings`.
        context: where it runs.
        clock: time, for tests.

    """

    name: ClassVar[str] = "rest"
    Settings: ClassVar[type[SourceSettings]] = RestSettings
    #: Search indexes of CRMs trail their databases; see `lookback` for those that trail longer.
    default_lookback: ClassVar[timedelta] = timedelta(minutes=10)

    def __init__(self, settings: RestSettings, context: SourceContext, clock: Clock | None = None) -> None:
        self._settings = settings
        self._context = context
        self._clock = clock or SystemClock()
        auth = settings.auth.make(AuthContext(context, self._clock, settings.timeout))
        self._client = ApiClient(settings.url, auth, self._options(), self._clock)

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        """Yield pages of what changed since the request's position.

        The last page carries the position; with `order: ascending` every page does.

        Raises:
            SourceError: see `sources.http.ApiClient.request`; BadConfig also when the answer does
                not have what the settings name, or paging goes round in circles.

        """
        call = first_call(self._settings, request)
        if self._is_single_snapshot and request.window is None:
            for part in split(await self._snapshot(call, request), request.page_size):
                yield part
            return
        guard = PageGuard(self._settings.paging.max_pages, setting="paging.max_pages")
        pages = walk(self._client, call, self._reading(call, request).turn, guard=guard)
        async with aclosing(pages):
            async for page, _ in pages:
                for part in split(page, request.page_size):
                    yield part

    async def check(self) -> str:
        """Read the first page and say what is on it: how many records, and the names of their fields.

        Raises:
            SourceError: as `poll`; BadConfig also when no record has the key or the change time.

        """
        answer = await self._client.request(first_call(self._settings, PollRequest()))
        items = items_of(answer, self._settings.records)
        records, bad, notes = Extractor(self._settings, self._context.timezone).page(items, 1)
        if bad and not records:
            raise BadConfig(f"no record of {len(items)} can be used; {bad[0]}", "key")
        if records and self._settings.changed and not any(record.changed for record in records):
            raise BadConfig(f"{answer.where}: {notes[0]}", "changed")
        found = f"{len(items)} record{'' if len(items) == 1 else 's'} on the first page"
        return f"{answer.where}: {found}{_fields(records)}{self._further(answer, len(items))}"

    async def latest(self) -> Position | None:
        """Return the server's own present; None for a snapshot.

        A server that does not tell the time is read whole instead, for its newest record.

        Raises:
            SourceError: as `poll`.

        """
        if not self._settings.by_position:
            return None
        recent = Position(at=self._clock.now() - _RECENT)
        answer = await self._client.request(
            first_call(self._settings, PollRequest(position=recent, page_size=1))
        )
        if answer.server_time is not None:
            return Position(at=answer.server_time)
        position = None
        async with aclosing(self.poll(PollRequest())) as pages:
            async for page in pages:
                position = page.position or position
        return position

    def authorization(self) -> OAuthFlow:
        """Return how a person authorises it in a browser.

        Raises:
            BadConfig: when `auth` is of another type, or does not say where.

        """
        auth = self._settings.auth
        if not isinstance(auth, RefreshTokenAuth):
            raise BadConfig("only `type: oauth2_refresh_token` is authorised in a browser", "auth")
        return auth.flow(self._context)

    async def close(self) -> None:
        """Give back connections."""
        await self._client.close()

    def _further(self, answer: Answer, count: int) -> str:
        """Say whether more pages follow, so that a wrong path in `paging` is noticed."""
        if self._settings.paging.type == "none":
            return ""
        call = first_call(self._settings, PollRequest())
        following = self._settings.paging.after(Seen(call, answer, count, self._client.reach))
        return "; more pages follow" if following is not None else "; no further page"

    @property
    def _is_single_snapshot(self) -> bool:
        return not self._settings.by_position and self._settings.paging.type == "none"

    async def _snapshot(self, call: Call, request: PollRequest) -> Page:
        """Read an API that answers with one page; an unchanged one gives an empty page."""
        said = self._settings
        basis = basis_of(call, said.records, said.key, said.changed, said.changed_format)
        answer = await self._client.request(ask_if_changed(call, request.position, basis))
        if answer.status == _NOT_MODIFIED:
            return Page((), request.position, last=True)
        # The whole source may be in this one answer; the event loop goes on meanwhile.
        return await asyncio.to_thread(
            self._whole, answer, basis, self._reading(call, request), request.position
        )

    def _whole(self, answer: Answer, basis: str, reading: Reading, known: Position | None) -> Page:
        items = items_of(answer, self._settings.records)
        position = token_for(basis, answer, items)
        if holds_the_same(items, known, basis):
            return Page((), position, last=True)
        page, _ = reading.turn(answer)
        return replace(page, position=position)

    def _reading(self, call: Call, request: PollRequest) -> Reading:
        zone = self._context.timezone
        return Reading(self._settings, self._client, zone, request=request, first=call)

    def _options(self) -> ClientOptions:
        settings = self._settings
        return ClientOptions(
            rate=settings.rate_limit,
            timeout=settings.timeout,
            allow_hosts=tuple(settings.allow_hosts),
            limit_statuses=frozenset(settings.rate_limit_statuses),
            inspect=self._failure if settings.errors else None,
        )

    def _failure(self, answer: Answer) -> SourceError | None:
        return failure_in(answer, self._settings.errors) if self._settings.errors else None


def _fields(records: Sequence[Record]) -> str:
    names = list(dict.fromkeys(name for record in records[:20] for name in record.fields))
    if not names:
        return ""
    return ", keys " + ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
