"""Access tokens that outlive an adapter, for vendors that give only a few in a while.

An adapter is made anew for every poll. Where each of them asked for a token of its own, a source that is
polled every minute would ask for 60 in an hour, each good for an hour.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from sources.errors import RateLimited
from sources.oauth import OAuth

if TYPE_CHECKING:
    from datetime import timedelta

    from sources._http.auth import Draft
    from sources.oauth import Granted, OAuthApp, TokenStore


@dataclass
class _Kept:
    """What is known of one authorisation while the program runs."""

    granted: Granted | None = None
    #: Until when it is used, and when tokens were asked for, by the clock that only grows.
    until: float = 0.0
    asked: deque[float] = field(default_factory=deque)


#: By a digest of what the tokens are asked for with. It is gone with the program, as are the tokens.
_KEPT: Final[dict[bytes, _Kept]] = {}


def forget() -> None:
    """Forget all tokens, as a program does that ends."""
    _KEPT.clear()


class KeptOAuth(OAuth):
    """As `OAuth` with a refresh token, and never asks for more access tokens than the vendor allows.

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
        said = f"{app.token_url} {app.client_id} {refresh_token or store.kept()}".encode()
        self._kept = _KEPT.setdefault(blake2b(said, digest_size=16).digest(), _Kept())
        self._most = most
        self._within = within.total_seconds()

    async def renew(self, draft: Draft) -> bool:
        """After a 401: forget the token, for the adapters after this one too."""
        granted = self._kept.granted
        if granted and draft.headers.get("authorization") == f"{self._scheme} {granted.access_token}":
            self._kept.granted = None
        return await super().renew(draft)

    async def _ask(self) -> Granted:
        left = self._kept.until - self._clock.monotonic()
        if self._kept.granted is not None and left > 0:
            return replace(self._kept.granted, lifetime=left)
        self._count()
        asked_at = self._clock.monotonic()
        try:
            granted = await super()._ask()
        except RateLimited as error:
            raise RateLimited(str(error), error.retry_after or self._within) from None
        self._kept.granted, self._kept.until = granted, asked_at + granted.good_for
        return granted

    def _count(self) -> None:
        """Count a request for a token.

        Raises:
            RateLimited: when it would be one too many.

        """
        now, times = self._clock.monotonic(), self._kept.asked
        while times and times[0] <= now - self._within:
            times.popleft()
        if len(times) >= self._most:
            wait = times[0] + self._within - now
            text = f"{self._most} access tokens were asked for in {self._within / 60:g} minutes"
            raise RateLimited(f"{text}; one more would be refused", wait)
        times.append(now)
