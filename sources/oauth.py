"""OAuth 2.0 for adapters: an `Auth` that gets access tokens, renews them in time, and keeps rotated ones.

    auth = OAuth.client_credentials(OAuthApp("https://auth.example.com/token", client_id, secret))
    client = ApiClient("https://api.example.com/", auth)

One task renews at a time. A token is renewed before it ends, and once more when a request gets a 401;
that request is then sent once again. A refresh token that comes with an answer replaces the old one,
and is kept (`token_store`) before the access token is used for anything.

An adapter is made anew for every poll. Those of one source (`owner`) use one access token until it ends, is
not taken any more, or a person has authorised the source anew.
"""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any

from sources._http.authorizing import AnotherAttempt, Attempt, OAuthFlow, scopes_of
from sources._http.client import ApiClient, ClientOptions
from sources._http.clock import Clock, SystemClock
from sources._http.kept_access import Kept, kept_for
from sources._http.token_file import FileTokenStore, kept_in_plain
from sources._http.token_store import MemoryTokenStore, TokenStore, token_store
from sources._http.tokens import REFUSALS, Granted, OAuthApp, assertion_call, read_grant, token_call
from sources.errors import Denied, Unavailable

if TYPE_CHECKING:
    from collections.abc import Collection, Coroutine, Mapping

    from sources._http.auth import Draft

__all__ = [
    "AnotherAttempt",
    "Attempt",
    "FileTokenStore",
    "Granted",
    "MemoryTokenStore",
    "OAuth",
    "OAuthApp",
    "OAuthFlow",
    "TokenStore",
    "kept_in_plain",
    "read_grant",
    "redeem",
    "scopes_of",
    "token_call",
    "token_store",
]

#: Seconds that a renewal in the air is given when its task is cancelled.
_LAST_WORDS = 15.0


class OAuth:
    """Signs requests with an access token. Use one of the class methods to make one."""

    def __init__(
        self,
        app: OAuthApp,
        *,
        refresh_token: str | None = None,
        store: TokenStore | None = None,
        scheme: str = "Bearer",
        options: ClientOptions | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._app = app
        self._configured = refresh_token
        self._is_authorised = refresh_token is not None or store is not None
        self._store = store or MemoryTokenStore()
        self._scheme = scheme
        self._clock = clock or SystemClock()
        self._client = ApiClient(app.token_url, None, options, self._clock)
        self._one = asyncio.Lock()
        self._granted: Granted | None = None
        self._ends = -math.inf
        self._kept = self._shared_by(self._store.owner)

    @classmethod
    def client_credentials(cls, app: OAuthApp, *, owner: str = "", **options: Any) -> OAuth:
        """Return an `Auth` for a program that acts for itself; options as for the class.

        With an `owner`, the source's name, adapters that are made after this one use its token.
        """
        auth = cls(app, **options)
        auth._kept = auth._shared_by(owner)
        return auth

    @classmethod
    def refreshing(cls, app: OAuthApp, refresh_token: str | None, store: TokenStore, **options: Any) -> OAuth:
        """Return an `Auth` for a program that a person has authorised; options as for the class.

        Without a refresh token there must be one in the store: `leadrelay auth` puts it there.
        """
        return cls(app, refresh_token=refresh_token, store=store, **options)

    @classmethod
    def asserting(cls, app: OAuthApp, *, owner: str = "", **options: Any) -> OAuth:
        """Return an `Auth` for a program that proves itself by `app.assertion`.

        `owner` as for `client_credentials`; then `app.subject` must tell one key and user from another.
        """
        return cls.client_credentials(app, owner=owner, **options)

    async def sign(self, draft: Draft) -> None:
        """Set the Authorization header, after renewing the token where that is due.

        Raises:
            Denied: the token endpoint refuses us.
            Unavailable: it does not answer, or a new refresh token can't be kept.

        """
        granted = await self._current()
        draft.headers["authorization"] = f"{self._scheme} {granted.access_token}"

    async def renew(self, draft: Draft) -> bool:
        """After a 401: drop the token that this draft was signed with, unless it is gone already."""
        async with self._one:
            used = draft.headers.get("authorization", "")
            if self._granted is not None and used == f"{self._scheme} {self._granted.access_token}":
                self._ends = -math.inf
                self._kept.drop(self._granted.access_token)
        return True

    def secrets(self) -> Collection[str]:
        """Return everything that must not appear in a message."""
        known = {self._app.client_secret, self._configured, *(self._kept.unsaved or ())}
        if self._granted is not None:
            known |= {self._granted.access_token, self._granted.refresh_token}
        return {secret for secret in known if secret}

    async def details(self) -> Mapping[str, Any]:
        """Return the token endpoint's whole answer: ``instance_url``, ``api_domain`` and the like.

        Raises:
            SourceError: as `sign`.

        """
        return (await self._current()).answer

    async def close(self) -> None:
        """Give back connections to the token endpoint."""
        await self._client.close()

    def _shared_by(self, owner: str) -> Kept:
        return kept_for(owner, self._app, self._configured, is_authorised=self._is_authorised)

    async def _current(self) -> Granted:
        async with self._one:
            if self._granted is None or self._clock.monotonic() >= self._ends:
                self._granted = None
                self._granted = await self._ask()
            return self._granted

    async def _ask(self) -> Granted:
        if not self._is_authorised:
            return self._passed_on(None) or await self._renewed(None)
        return await _to_the_end(self._refresh(self._configured))

    async def _refresh(self, configured: str | None) -> Granted:
        """Use the newest refresh token there is, whoever got it, and keep the one that replaces it."""
        async with self._store.exclusive():
            await self._save_what_is_not_saved()
            token = await self._store.load() or configured
            if token is None:
                verb = f"leadrelay auth {self._store.owner or 'SOURCE'}"
                raise Denied(f"nobody has authorised it yet: run `{verb}`")
            return self._passed_on(token) or await self._renewed(token)

    def _passed_on(self, token: str | None) -> Granted | None:
        """Return what an adapter before this one got, or another one meanwhile; None when it is no good."""
        granted = self._kept.good(self._clock.monotonic(), token)
        self._ends = self._kept.until
        return granted

    async def _renewed(self, token: str | None) -> Granted:
        asked_at = self._clock.monotonic()
        granted = await self._request(token)
        if token is not None and granted.refresh_token not in (None, token):
            self._kept.unsaved = (granted.refresh_token or "", token)
            await self._save_what_is_not_saved()
        self._kept.put(granted, asked_at, token)
        self._ends = asked_at + granted.good_for
        return granted

    async def _request(self, refresh_token: str | None) -> Granted:
        assertion = self._app.assertion
        call = (
            token_call(self._app, refresh_token)
            if assertion is None
            else assertion_call(self._app, assertion(self._clock.now()))
        )
        answer = await self._client.request(call, accept=REFUSALS)
        return read_grant(answer, self._clock.now(), self._app.advice)

    async def _save_what_is_not_saved(self) -> None:
        if self._kept.unsaved is None:
            return
        newest, replaced = self._kept.unsaved
        if await self._store.load() not in (None, replaced):  # authorised anew since then
            self._kept.unsaved = None
            return
        try:
            await self._store.save(newest)
        except OSError as error:
            text = f"the new OAuth refresh token cannot be kept: {error.strerror or type(error).__name__}"
            raise Unavailable(f"{text}; it is held in memory and saved at the next try") from error
        self._kept.unsaved = None


async def redeem(attempt: Attempt, code: str, options: ClientOptions | None = None) -> Granted:
    """Turn the code that a person's browser brought into tokens, and keep the refresh token first of all.

    Args:
        attempt: what the person was asked by.
        code: see `Attempt.code_of`; it is good for one use.
        options: how the token endpoint is asked.

    Raises:
        SourceError: when the vendor refuses, or the token can't be kept.

    """
    client = ApiClient(attempt.flow.app.token_url, None, options)
    store = attempt.flow.store
    try:
        async with store.exclusive():
            answer = await client.request(attempt.call(code), accept=REFUSALS)
            granted = attempt.granted(answer, client.clock.now())
            await store.save(granted.refresh_token or "")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Unavailable(f"the refresh token can't be kept: {reason}; authorise again") from error
    finally:
        await client.close()
    return granted


async def _to_the_end(renewal: Coroutine[Any, Any, Granted]) -> Granted:
    """Let a renewal finish although we are cancelled: the token it brings may be the only good one."""
    task = asyncio.ensure_future(renewal)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        done, _ = await asyncio.wait({task}, timeout=_LAST_WORDS)
        for finished in done:
            if not finished.cancelled():
                finished.exception()  # looked at, so that asyncio does not report it as lost
        raise
