"""Access tokens from vendors that block who asks for too many of them in a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sources._http.kept_access import kept_by
from sources.errors import RateLimited
from sources.oauth import OAuth

if TYPE_CHECKING:
    from datetime import timedelta

    from sources.oauth import Granted, OAuthApp, TokenStore


class SparingOAuth(OAuth):
    """As `OAuth` with a refresh token, and never asks for more access tokens than the vendor allows.

    They are counted for all adapters, also of several sources that share one refresh token.

    Args:
        app: what the vendor knows our application by.
        refresh_token: as it stands in the settings; None: the one that `leadrelay auth` kept.
        store: keeps a refresh token that replaces it.
        most: so many access tokens may be asked for,
        within: in this long.
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
        **options: Any,
    ) -> None:
        super().__init__(app, refresh_token=refresh_token, store=store, **options)
        self._asked = kept_by("asked", app.token_url, app.client_id, refresh_token or store.owner).asked
        self._most = most
        self._within = within.total_seconds()

    async def _request(self, refresh_token: str | None) -> Granted:
        self._count()
        try:
            return await super()._request(refresh_token)
        except RateLimited as error:
            raise RateLimited(str(error), error.retry_after or self._within) from None

    def _count(self) -> None:
        """Count a request for a token.

        Raises:
            RateLimited: when it would be one too many.

        """
        now, times = self._clock.monotonic(), self._asked
        while times and times[0] <= now - self._within:
            times.popleft()
        if len(times) >= self._most:
            wait = times[0] + self._within - now
            text = f"{self._most} access tokens were asked for in {self._within / 60:g} minutes"
            raise RateLimited(f"{text}; one more would be refused", wait)
        times.append(now)
