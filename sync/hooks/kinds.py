"""The `hook:` of a source: who calls, and how such a call proves where it comes from."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from abc import abstractmethod
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, TypeAlias, cast

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from sources.units import Duration  # noqa: TC001 - pydantic reads the annotations
from sync.hooks.call import is_fresh, same
from sync.hooks.public_keys import PUBLISHED, PublicKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.hooks.call import Call


class _Hook(BaseModel):
    """Base of all kinds: errors about them never repeat what was given."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    #: Whether the address that was called is part of what is signed.
    signs_url: ClassVar[bool] = False

    again: Duration | None = Field(
        None,
        description="So long after a call it is polled once more, for a system that tells of a change before "
        "it shows it.",
        examples=["30s"],
    )

    @abstractmethod
    def is_genuine(self, call: Call, now: float) -> bool:
        """Tell whether a call comes from who knows the secret, and not from long ago."""

    def handshake(self, query: Mapping[str, str]) -> str | None:
        """Return what a first call that only asks whether we are here wants to hear; None: nothing."""
        del query
        return None


class HubspotHook(_Hook):
    """HubSpot: HMAC-SHA256 of method, address, body and time, in X-HubSpot-Signature-v3."""

    signs_url: ClassVar[bool] = True

    type: Literal["hubspot"] = Field(description="Calls of a HubSpot app's webhooks, signed as its v3.")
    secret: SecretStr = Field(
        min_length=1, description="The client secret of the app.", examples=["${HUBSPOT_SECRET}"]
    )
    again: Duration | None = Field(
        timedelta(seconds=15),
        description="So long after a call it is polled once more: HubSpot's search shows a change some "
        "seconds after its webhook has told of it.",
    )

    def is_genuine(self, call: Call, now: float) -> bool:
        """Tell whether the signature is that of the app's secret, and not older than five minutes."""
        stamp = call.header("X-HubSpot-Request-Timestamp")
        signed = b"".join((call.method.encode(), call.url.encode(), call.body, stamp.encode()))
        found = hmac.digest(self.secret.get_secret_value().encode(), signed, "sha256")
        expected = base64.b64encode(found).decode()
        return same(call.header("X-HubSpot-Signature-v3"), expected) and is_fresh(stamp, now)


class PipedriveHook(_Hook):
    """Pipedrive: the user and password that the webhook was made with, by HTTP's basic authentication."""

    type: Literal["pipedrive"] = Field(
        description="Calls of Pipedrive's webhooks, or anybody's who sends a user and a password."
    )
    user: str = Field(min_length=1, description="`http_auth_user` of the webhook.", examples=["leadrelay"])
    password: SecretStr = Field(
        min_length=1, description="`http_auth_password` of it.", examples=["${PIPEDRIVE_HOOK}"]
    )

    def is_genuine(self, call: Call, now: float) -> bool:
        """Tell whether user and password are these."""
        del now
        scheme, _, found = call.header("Authorization").partition(" ")
        try:
            given = base64.b64decode(found.strip(), validate=True)
        except (binascii.Error, ValueError):
            return False
        expected = f"{self.user}:{self.password.get_secret_value()}".encode()
        # Digests, so that not even the length can be measured.
        alike = hmac.compare_digest(hashlib.sha256(given).digest(), hashlib.sha256(expected).digest())
        return alike and scheme.lower() == "basic"


class GohighlevelHook(_Hook):
    """GoHighLevel: a signature of the body that their public key checks."""

    type: Literal["gohighlevel"] = Field(description="Calls of a GoHighLevel marketplace app's webhooks.")
    public_key: PublicKey = Field(
        cast("PublicKey", PUBLISHED),
        validate_default=True,
        description="Their public key (PEM, or its middle part), should it change. An Ed25519 key checks "
        "X-GHL-Signature, an RSA key the older X-WH-Signature.",
        examples=["${GOHIGHLEVEL_PUBLIC_KEY}"],
    )

    def is_genuine(self, call: Call, now: float) -> bool:
        """Tell whether the body was signed by GoHighLevel."""
        del now
        return self.public_key.signed(call)


class HmacHook(_Hook):
    """Anybody who signs the body with a shared secret."""

    type: Literal["hmac"] = Field(description="Calls with an HMAC of the body in a header.")
    secret: SecretStr = Field(
        min_length=1, description="What both sides know.", examples=["${CRM_HOOK_SECRET}"]
    )
    header: str = Field(min_length=1, description="Where the signature is.", examples=["X-Hub-Signature-256"])
    algorithm: Literal["sha256", "sha1", "sha512"] = Field("sha256", description="What digests the body.")
    encoding: Literal["hex", "base64"] = Field("hex", description="How the digest is written.")
    prefix: str = Field("", description="What stands before it.", examples=["sha256="])
    timestamp: str | None = Field(
        None,
        min_length=1,
        description="A header with the time of the call, in seconds or milliseconds since 1970; a call that "
        "is five minutes off is refused. It has to be signed: see `signed`.",
        examples=["X-Request-Timestamp"],
    )
    signed: str | None = Field(
        None,
        description='What is signed: "{body}", or with `timestamp` "{timestamp}.{body}", or as you write it.',
        examples=["v0:{timestamp}:{body}"],
    )
    verify_token: SecretStr | None = Field(
        None,
        min_length=1,
        description="The word that a first GET call has to bring (hub.verify_token) to get its hub.challenge "
        "back.",
        examples=["${CRM_VERIFY_TOKEN}"],
    )

    @model_validator(mode="after")
    def _signs_it(self) -> HmacHook:
        """Refuse a time that nobody signs, and a body that nobody signs."""
        if self._form.count("{body}") != 1:
            raise ValueError('`signed` has {body} in it once, as in "{timestamp}.{body}"')
        if ("{timestamp}" in self._form) != (self.timestamp is not None):
            raise ValueError("{timestamp} in `signed` and the header `timestamp` go together")
        return self

    @property
    def _form(self) -> str:
        return self.signed or ("{timestamp}.{body}" if self.timestamp else "{body}")

    def is_genuine(self, call: Call, now: float) -> bool:
        """Tell whether the signature is that of the secret, and the time, where there is one, of now."""
        stamp = call.header(self.timestamp) if self.timestamp else ""
        before, after = self._form.replace("{timestamp}", stamp).split("{body}")
        signed = b"".join((before.encode(), call.body, after.encode()))
        digest = hmac.digest(self.secret.get_secret_value().encode(), signed, self.algorithm)
        found = call.header(self.header)
        if self.encoding == "hex":
            genuine = same(found.lower(), self.prefix.lower() + digest.hex())
        else:
            genuine = same(found, self.prefix + base64.b64encode(digest).decode())
        return genuine and (self.timestamp is None or is_fresh(stamp, now))

    def handshake(self, query: Mapping[str, str]) -> str | None:
        """Return the challenge of a subscription that knows the word."""
        challenge = query.get("hub.challenge", "")
        if self.verify_token is None or query.get("hub.mode") != "subscribe" or not challenge:
            return None
        known = same(query.get("hub.verify_token", ""), self.verify_token.get_secret_value())
        return challenge if known else None


Hook: TypeAlias = HubspotHook | PipedriveHook | GohighlevelHook | HmacHook
HookField: TypeAlias = Annotated[Hook, Field(discriminator="type")]
