"""From a refresh token to access tokens, as seldom as Zoho wants it, and to where the API is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from sources._crm.access import authorizing
from sources._crm.sparing import SparingOAuth
from sources._rest.secrets import revealed
from sources._zoho.failures import SCOPES
from sources.errors import Unavailable
from sources.oauth import OAuthApp, token_store

if TYPE_CHECKING:
    from sources._crm.access import Surroundings
    from sources._zoho.settings import ZohoSettings
    from sources.base import SourceContext
    from sources.http import Answer
    from sources.oauth import OAuthFlow

#: Not Bearer: Zoho refuses that.
SCHEME: Final = "Zoho-oauthtoken"
#: An eleventh access token within ten minutes blocks the client for a while.
_MOST: Final = 10
_WITHIN: Final = timedelta(minutes=10)
_ADVICE: Final = {
    "invalid_code": "the refresh token was revoked, or is of another data center than `data_center` says",
    "invalid_client": "this data center does not know the client; is `data_center` right?",
    "invalid_client_secret": "the client secret is wrong, or of another data center",
}


def access(settings: ZohoSettings, around: Surroundings) -> SparingOAuth:
    """Return what signs requests; nothing is asked for yet."""
    app, refresh_token = _app(settings), revealed(settings.refresh_token)
    return SparingOAuth(
        app,
        refresh_token,
        token_store(around.context.cache, around.context.name, app, refresh_token),
        most=_MOST,
        within=_WITHIN,
        cache=around.context.cache,
        scheme=SCHEME,
        options=around.options,
        clock=around.clock,
    )


def flow_of(settings: ZohoSettings, context: SourceContext) -> OAuthFlow:
    """Return how a person lets our client in.

    Raises:
        BadConfig: when there is a refresh token in the settings already.

    """
    return authorizing(
        context,
        _app(settings),
        f"{settings.accounts}/oauth/v2/auth",
        revealed(settings.refresh_token),
        scopes=[",".join(SCOPES)],  # with commas, where others have spaces
        parameters={"access_type": "offline", "prompt": "consent"},  # or there is no refresh token
    )


def api_domain(details: Any) -> str:
    """Return where the token says that the API is.

    Raises:
        Unavailable: when it does not say, or the token would go there in the clear.

    """
    told = str(details.get("api_domain") or "")
    parts = urlsplit(told)
    here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    if not parts.hostname or not (parts.scheme == "https" or here):
        raise Unavailable("the token came without an https api_domain; say where the API is by `base_url`")
    return f"{parts.scheme}://{parts.netloc}"


def _app(settings: ZohoSettings) -> OAuthApp:
    return OAuthApp(
        f"{settings.accounts}/oauth/v2/token",
        settings.client_id,
        settings.client_secret.get_secret_value(),
        advice=_advice,
    )


def _advice(answer: Answer) -> str | None:
    """Return what to do about a refusal, which comes as a 200 with an `error`."""
    data = answer.data if isinstance(answer.data, dict) else {}
    return _ADVICE.get(str(data.get("error")))
