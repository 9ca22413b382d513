"""An app of ours in a HubSpot account: what HubSpot knows it by, and how a person lets it in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from sources._crm.access import app_credentials, authorizing
from sources._rest.secrets import revealed
from sources.errors import SourceError
from sources.http import ApiClient
from sources.oauth import OAuthApp

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sources._hubspot.settings import HubspotSettings
    from sources.base import SourceContext
    from sources.oauth import Granted, OAuthFlow

#: Types that have a scope of their own; all others share that of custom objects.
_KNOWN = {
    "contact": "contacts",
    "0-1": "contacts",
    "company": "companies",
    "0-2": "companies",
    "deal": "deals",
    "0-3": "deals",
    "lead": "leads",
    "0-136": "leads",
}


def app_of(base: str, settings: HubspotSettings) -> OAuthApp:
    """Return what HubSpot knows our app by.

    Raises:
        BadConfig: when the settings name none.

    """
    return OAuthApp(f"{base}/oauth/v1/token", *app_credentials(settings, "token", "token"))


def flow_of(settings: HubspotSettings, context: SourceContext, base: str) -> OAuthFlow:
    """Return how a person lets our app in.

    Raises:
        BadConfig: when the settings give another way in.

    """
    return authorizing(
        context,
        app_of(base, settings),
        settings.authorize_url,
        revealed(settings.refresh_token),
        scopes=settings.scopes or _scopes(settings),
        account=_account(base),
    )


def _scopes(settings: HubspotSettings) -> list[str]:
    """Return what it takes to read the objects that the settings name."""
    kinds = dict.fromkeys(map(_kind, [settings.object, *settings.joined]))
    return ["oauth", *(f"crm.objects.{kind}.read" for kind in kinds)]


def _kind(name: str) -> str:
    found = _KNOWN.get(name, name)
    return found if found in _KNOWN.values() else "custom"


def _account(base: str) -> Callable[[Granted], Awaitable[str | None]]:
    """Return what asks HubSpot whose account it is. It is no matter if it does not say."""

    async def ask(granted: Granted) -> str | None:
        client = ApiClient(base)
        url = f"{base}/oauth/v1/access-tokens/{quote(granted.access_token, safe='')}"
        try:
            told = await client.get_json(url)
        except SourceError:  # the token stands in the address, so nothing of this may be shown
            return None
        finally:
            await client.close()
        known = isinstance(told, dict) and told.get("hub_id")
        return f"{told.get('hub_domain') or 'account'} ({told['hub_id']})" if known else None

    return ask
