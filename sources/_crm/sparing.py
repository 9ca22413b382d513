"""Access tokens from vendors that block who asks for too many of them in a while."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from sources._crm.asked_times import AskedTimes
from sources._http.kept_access import kept_by
from sources.errors import RateLimited
from sources.oauth import OAuth

if TYPE_CHECKING:
    from datetime import timedelta
    from pathlib import Path

    from sources.oauth import Granted, OAuthApp, TokenStore


class SparingOAuth(OAuth):
    """As `OAuth` with a refresh token, and never asks for more access tokens than the vendor allows.

    They are counted for all adapters, also of several sources that share one refresh token, and of all
    processes that keep their files in the same directory.

    Args:
        app: what the vendor knows our application by.
        refresh_token: as it stands in the settings; None: the one that `leadrelay auth` kept.
        store: keeps a refresh token that replaces it.
        most: so many access tokens may be asked for,
        within: in this long.
        cache: where the times of all processes are kept; None: nowhere.
        options: as for `OAuth`.

    """

    def __init__(
        self,
        app: OAuthApp,
        refresh_token: str | None,
        store: TokenStore,
        *,
        most: int,
        within: timedelta,
        cache: Path | None = None,
        **options: Any,
    ) -> None:
        super().__init__(app, refresh_token=refresh_token, store=store, **options)
        whose = (app.token_url, app.client_id, refresh_token or store.owner)
        digest = hashlib.blake2b(" ".join(whose).encode(), digest_size=8).hexdigest()
        path = cache / f"asked-{digest}.json" if cache is not None else None
        self._asked = AskedTimes(most, within.total_seconds(), kept_by("asked", *whose).asked, path)

    async def _request(self, refresh_token: str | None) -> Granted:
        await self._asked.count(self._clock)
        try:
            return await super()._request(refresh_token)
        except RateLimited as error:
            raise RateLimited(str(error), error.retry_after or self._asked.within) from None
