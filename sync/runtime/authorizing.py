"""A source is authorised by a person: from its adapter to a refresh token that is kept."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sources.base import Authorizes, Closes, SourceContext
from sources.errors import BadConfig, Unavailable
from sources.http import ClientOptions
from sources.oauth import redeem, scopes_of
from sync.runtime.loopback import listening
from sync.runtime.making import FILES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sources.oauth import Attempt, Granted, OAuthFlow
    from sync.config import UnmappedSource

#: Seconds that a person has.
_PATIENCE = 900.0
_TIMEOUT = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Authorised:
    """What was granted. Holds no token."""

    #: Whose account it is, where the vendor says.
    account: str | None
    #: What it granted; where it does not say, what was asked for.
    scopes: Sequence[str]
    #: What was asked for and not granted.
    missing: Sequence[str]
    #: Seconds until an access token ends; None where the vendor does not say.
    lifetime: float | None
    #: Where the refresh token is, and how it is kept.
    kept: str


async def flow_of(source: UnmappedSource) -> OAuthFlow:
    """Return how a source is authorised, with a store that can be written to.

    Raises:
        BadConfig: when it is not authorised by a person, or its settings give another way in.
        Unavailable: when its token could not be kept.

    """
    context = SourceContext(source.name, source.directory, source.options.timezone, source.directory / FILES)
    adapter = source.adapter(source.settings, context)
    try:
        if not isinstance(adapter, Authorizes):
            raise BadConfig(
                f"a source of type {adapter.name} is not authorised in a browser; `leadrelay sources "
                f"{adapter.name}` says how it is let in"
            )
        flow = adapter.authorization()
    finally:
        if isinstance(adapter, Closes):
            await adapter.close()
    async with flow.store.exclusive():
        return flow


async def by_browser(flow: OAuthFlow, redirect: str, open_page: Callable[[Attempt], None]) -> Authorised:
    """Wait until a person has said yes in a browser on this machine, and keep what it brings.

    Args:
        flow: how the vendor is asked.
        redirect: where the browser comes back to, on this machine; port 0 for any that is free.
        open_page: shows the attempt's page to the person.

    Raises:
        BadConfig: when the port is taken.
        SourceError: when the vendor says no, or nobody came back.

    """
    async with listening(redirect) as loopback:
        attempt = flow.begun(loopback.redirect)
        open_page(attempt)
        try:
            code = await loopback.code(attempt, _PATIENCE)
        except TimeoutError:
            raise Unavailable(
                f"nobody came back from the browser within {_PATIENCE / 60:g} minutes"
            ) from None
        return await redeemed(attempt, code)


async def redeemed(attempt: Attempt, code: str) -> Authorised:
    """Turn a code into tokens and keep the refresh token, before anything else is done with them.

    Raises:
        SourceError: when the vendor refuses, or it can't be kept.

    """
    granted = await redeem(attempt, code, ClientOptions(timeout=_TIMEOUT))
    return await _told(attempt.flow, granted)


async def _told(flow: OAuthFlow, granted: Granted) -> Authorised:
    told = scopes_of(granted)
    return Authorised(
        await flow.account(granted) if flow.account else None,
        told or list(flow.scopes),
        [scope for scope in flow.scopes if told and scope not in told],
        granted.lifetime if granted.lifetime != float("inf") else None,
        await asyncio.to_thread(flow.store.kept),
    )
