"""What Entra ID means by its refusals: their numbers (AADSTS…), and what to do about each.

The numbers are those of "Microsoft Entra authentication & authorization error codes" of Microsoft's identity
platform.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sources.http import Answer

_NUMBER: Final = re.compile(r"\bAADSTS(\d{4,9})\b")
#: Microsoft's own page about a number.
_PAGE: Final = "https://login.microsoftonline.com/error?code="

_AGAIN: Final = "authorise it again"
_ENDED: Final = f"the refresh token has ended or was revoked; {_AGAIN}"
_CONSENT: Final = "the app has no consent for this: let an administrator grant it at its API permissions"
_DEVICE: Final = "a policy of the organisation asks for a device that it manages, which this program is not"
_ADVICE: Final = {
    # The app and its secret.
    7000215: "the client secret is wrong; give its value, not its id",
    7000222: "the client secret has expired; make a new one in the app registration",
    7000218: "the client secret is missing",
    700025: "the app is registered as one without a secret; register its redirect URL under the platform Web",
    7000112: "the app is disabled in this tenant",
    700016: "this tenant has no app with this client id; are `tenant` and `client_id` right?",
    7000229: "the app is not installed in this tenant; let an administrator grant it consent there",
    # The tenant, and what the token is for.
    90002: "there is no such tenant in this cloud; is `tenant` right?",
    900023: "`tenant` is neither the id nor a domain of an organisation",
    500011: "this tenant does not know the system that the token is for; does it belong to this tenant?",
    650052: "the organisation has no subscription to the system that the token is for",
    650057: "the app registration asks for no permission for this; add it at its API permissions",
    70011: "the app asks for a scope that is not there",
    # Consent.
    65001: _CONSENT,
    65004: "the person did not agree to what the app asks for",
    90094: _CONSENT,
    90095: _CONSENT,
    # The person.
    50020: "the person's account belongs to another organisation, and is no guest of this one",
    50034: "this tenant has no such user; did the person sign in with an account of another one?",
    50053: "the person's account is locked after too many attempts to sign in, or from this address",
    50055: f"the person's password has expired; when there is a new one, {_AGAIN}",
    50057: "the user's account is disabled",
    50105: "the user is not assigned to the app",
    50126: "the user's name or password is wrong",
    50173: f"the person's password was changed, which ended the authorisation; {_AGAIN}",
    500341: "the person's account was deleted",
    # What else the organisation wants.
    50074: f"it asks the person for a second factor; {_AGAIN}",
    50076: f"it asks the person for a second factor; {_AGAIN}",
    50079: f"it asks the person to set up a second factor; {_AGAIN}",
    50158: f"it asks the person for something more, such as a second factor; {_AGAIN}",
    53000: _DEVICE,
    53001: _DEVICE,
    53003: "a conditional access policy of the organisation forbids it",
    530003: _DEVICE,
    # The authorisation.
    50011: "the redirect URL is not registered in the app registration; add it there",
    54005: f"the code was used already; {_AGAIN}",
    70000: _ENDED,
    700082: f"the refresh token was not used for too long; {_AGAIN}",
    700084: f"the refresh token has ended, as one for a single page does; {_AGAIN}",
    70008: f"the refresh token has expired; {_AGAIN}",
    70043: f"the refresh token has expired by a sign-in frequency policy; {_AGAIN}",
}


def advice(answer: Answer) -> str | None:
    """Return what to do about a refusal, by its numbers; None when it has none.

    Its own words are not repeated: they hold names of people, apps and tenants.
    """
    return advice_on(answer.data if isinstance(answer.data, dict) else {})


def advice_on(said: Mapping[str, Any]) -> str | None:
    """Return the same for what an answer says, or the address that a browser comes back to."""
    numbers = list(dict.fromkeys(_numbers(said)))
    known = next((number for number in numbers if number in _ADVICE), None)
    if known is not None:
        return f"{_ADVICE[known]} (AADSTS{known})"
    return f"AADSTS{numbers[0]}, which is explained at {_PAGE}{numbers[0]}" if numbers else None


def _numbers(said: Mapping[str, Any]) -> Iterator[int]:
    """Yield the numbers: in a list of their own, as the token endpoint mostly says them, or in its words."""
    told = said.get("error_codes")
    for each in told if isinstance(told, list) else ():
        if isinstance(each, int) and not isinstance(each, bool):
            yield each
    words = said.get("error_description")
    if isinstance(words, str):
        yield from map(int, _NUMBER.findall(words))
