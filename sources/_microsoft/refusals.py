"""What Entra ID means by its refusals: their numbers (AADSTS…), and what to do about each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sources.http import Answer

_AGAIN: Final = "authorise it again"
_CONSENT: Final = "the app has no consent for this: let an administrator grant it at its API permissions"
_ADVICE: Final = {
    7000215: "the client secret is wrong; give its value, not its id",
    7000222: "the client secret has expired; make a new one in the app registration",
    7000218: "the client secret is missing",
    7000112: "the app is disabled in this tenant",
    700016: "this tenant has no app with this client id; are `tenant` and `client_id` right?",
    90002: "there is no such tenant in this cloud; is `tenant` right?",
    900023: "`tenant` is neither the id nor a domain of an organisation",
    500011: "this tenant does not know the system that the token is for; does it belong to this tenant?",
    650057: "the app registration asks for no permission for this; add it at its API permissions",
    65001: _CONSENT,
    90094: _CONSENT,
    50105: "the user is not assigned to the app",
    50057: "the user's account is disabled",
    50076: f"it asks the person for a second factor; {_AGAIN}",
    50079: f"it asks the person to set up a second factor; {_AGAIN}",
    50173: f"the person's password was changed, which ended the authorisation; {_AGAIN}",
    53003: "a conditional access policy of the organisation forbids it",
    700082: f"the refresh token was not used for too long; {_AGAIN}",
    700084: f"the refresh token has ended, as one for a single page does; {_AGAIN}",
    70008: f"the refresh token has expired; {_AGAIN}",
    70043: f"the refresh token has expired by a sign-in frequency policy; {_AGAIN}",
}


def advice(answer: Answer) -> str | None:
    """Return what to do about a refusal, by its numbers; None when they are unknown."""
    data = answer.data if isinstance(answer.data, dict) else {}
    told = data.get("error_codes")
    numbers = (
        [each for each in told if isinstance(each, int) and each in _ADVICE] if isinstance(told, list) else []
    )
    return f"{_ADVICE[numbers[0]]} (AADSTS{numbers[0]})" if numbers else None
