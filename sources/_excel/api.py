"""The requests that are made of Microsoft Graph, and the file that comes back of them."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from sources._crm.saying import sensible
from sources._excel.failures import arriving, explaining, hiding
from sources._excel.item import Item
from sources._excel.place import place_of
from sources._microsoft.entra import access, flow_of, over_tls
from sources.errors import BadConfig
from sources.http import ApiClient, Call, ClientOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from sources._crm.access import Surroundings
    from sources._excel.settings import MicrosoftExcelSettings
    from sources._sheets.download import Download
    from sources.http import Answer
    from sources.oauth import OAuthFlow

_FOUND: Final = 302
#: The bandwidth limit of Graph; 429 and 503 are known everywhere.
_LIMITS: Final = frozenset({509})


class GraphApi:
    """Talks with Microsoft Graph about one file.

    Args:
        settings: see `MicrosoftExcelSettings`.
        around: where it runs.

    """

    def __init__(self, settings: MicrosoftExcelSettings, around: Surroundings) -> None:
        self.place = place_of(settings)
        self._settings = settings
        self._around = around
        options = ClientOptions(
            headers=self.place.headers,
            timeout=settings.timeout,
            limit_statuses=_LIMITS,
            explain=explaining(self.place, is_person=settings.acts_for_a_person),
        )
        auth = access(settings, around, self._resource, self._scopes)
        self._client = ApiClient(settings.base_url, auth, options, around.clock)

    async def item(self) -> Item:
        """Return what Graph says of the file.

        Raises:
            Denied: we may not read it.
            BadConfig: it is not there, or no file.
            Unavailable: no answer, or none that makes sense; it is locked.

        """
        with hiding(self.place.secret):
            answer = await self._client.request(Call(self._home))
            with sensible(answer.where):
                item = Item.of(answer.data, self._time(answer))
        if not item.is_file:
            text = "is a folder, or a shortcut to another drive; name the workbook itself"
            raise BadConfig(f"{item.name} {text}", self.place.setting)
        return item

    @asynccontextmanager
    async def content(self, item: Item) -> AsyncIterator[Download]:
        """Fetch the file, and keep it until the block ends.

        Graph sends us on to the server that has it, with an address that needs no token. Ours never goes
        there: it is nobody's business there, and some of these servers refuse a request that has one.

        Raises:
            SourceError: as `item`, or the content does not come whole.

        """
        from sources._sheets.download import fetched

        where, cache = await self._sent_on(), self._around.context.cache
        async with AsyncExitStack() as stack:
            with arriving(item.name):
                file = await stack.enter_async_context(fetched(where, item.name, None, cache))
            assert file is not None  # noqa: S101 nothing was known of it, so it can't be unchanged
            yield file

    def flow(self) -> OAuthFlow:
        """Return how a person lets us in.

        Raises:
            BadConfig: when the settings give another way in.

        """
        return flow_of(self._settings, self._around, self._resource, self._scopes)

    async def close(self) -> None:
        """Give back connections."""
        await self._client.close()

    async def _sent_on(self) -> str:
        """Return the address of the content, good for some minutes and as it has to be sent."""
        with hiding(self.place.secret):
            call = Call(f"{self._home}{self.place.joint}content")
            answer = await self._client.request(call, accept=(_FOUND,))
            with sensible(answer.where):
                where = str(answer.headers["location"])
                over_tls(where)
        return where

    def _time(self, answer: Answer) -> datetime:
        return answer.server_time or self._around.clock.now()

    @property
    def _home(self) -> str:
        return f"{self._settings.base_url}{self.place.address}"

    @property
    def _resource(self) -> str:
        parts = urlsplit(self._settings.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def _scopes(self) -> list[str]:
        return [f"{self._resource}/{permission}" for permission in self.place.permissions]
