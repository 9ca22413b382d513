"""Access tokens that outlive an adapter.

An adapter is made anew for every poll. Where each of them asked for a token of its own, a source that is
polled every minute would ask for 60 in an hour, each good for an hour. They are kept in memory only.
"""

from __future__ import annotations

import json
import math
from collections import deque
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sources._http.tokens import Granted, OAuthApp

#: Seconds for which a token is passed on that came without its lifetime: a session of Salesforce's may be
#: as short. What it is renewed for sooner is a 401.
_UNSAID: Final = 900.0
#: Seconds for which a token is passed on whose source has denied us something. A token has the permissions of
#: when it was got: one that a person adds since then comes with the next. Zoho gives ten in ten minutes.
_DOUBTED: Final = 120.0


@dataclass(repr=False)
class Kept:
    """What is known of one source's access while the program runs."""

    #: The source whose access it is; empty: nobody says.
    owner: str = ""
    granted: Granted | None = None
    #: When it was asked for, by the clock that only grows.
    asked_at: float = -math.inf
    #: Until when it is passed on, by the clock that only grows.
    until: float = -math.inf
    #: The refresh tokens that it came by and with. Another one means that it was authorised anew.
    tokens: frozenset[str | None] = frozenset()
    #: A refresh token that could not be saved yet, and the one that it replaces.
    unsaved: tuple[str, str] | None = None
    #: When tokens were asked for, where a vendor counts that.
    asked: deque[float] = field(default_factory=deque)

    def put(self, granted: Granted, asked_at: float, refresh_token: str | None) -> None:
        """Keep what an answer gave, for as long as it is good.

        Args:
            granted: the answer.
            asked_at: when it was asked for.
            refresh_token: what it was asked for with.

        """
        good_for = granted.good_for if math.isfinite(granted.lifetime) else _UNSAID
        self.granted, self.asked_at, self.until = granted, asked_at, asked_at + good_for
        self.tokens = frozenset({refresh_token, granted.refresh_token} if refresh_token else {None})

    def good(self, now: float, refresh_token: str | None) -> Granted | None:
        """Return what is kept, unless it has ended or is of another authorisation.

        Args:
            now: the present.
            refresh_token: what would be asked with.

        """
        if now >= self.until or refresh_token not in self.tokens:
            self.granted = None
        return self.granted

    def doubt(self) -> None:
        """Have it renewed soon: what it could not do, a newer one may."""
        self.until = min(self.until, self.asked_at + _DOUBTED)

    def drop(self, access_token: str) -> None:
        """Forget a token that was not taken, unless there is another one already."""
        if self.granted is not None and self.granted.access_token == access_token:
            self.granted = None


#: By a digest of all that the tokens depend on. It is gone with the program, as are the tokens.
_KEPT: Final[dict[bytes, Kept]] = {}


def forget() -> None:
    """Forget all tokens, as a program does that ends."""
    _KEPT.clear()


def doubt(owner: str) -> None:
    """Have the tokens of a source renewed soon which has denied us something, by a 403 say.

    Args:
        owner: the source.

    """
    for kept in _KEPT.values():
        if kept.owner == owner:
            kept.doubt()


def kept_by(*said: object) -> Kept:
    """Return what is kept under these words; they themselves are not."""
    digest = blake2b(json.dumps(said, default=str).encode(), digest_size=16).digest()
    return _KEPT.setdefault(digest, Kept())


def kept_for(owner: str, app: OAuthApp, refresh_token: str | None, *, is_authorised: bool) -> Kept:
    """Return what adapters of one source with the same settings share.

    Args:
        owner: the source; empty: nobody else shares it.
        app: what the vendor knows our application by.
        refresh_token: as it stands in the settings.
        is_authorised: by a person, also where the settings hold no refresh token.

    """
    if not owner:
        return Kept()
    client = [app.token_url, app.client_id, app.client_secret, app.client_auth, app.scope]
    kept = kept_by(owner, client, sorted(app.extra.items()), app.subject, refresh_token, is_authorised)
    kept.owner = owner
    return kept
