"""What every endpoint can be told: pace, patience, and what to do about an unknown outcome."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from sources.units import Duration, Rate, parse_rate
from sync.endpoints.renamed import OldNames  # noqa: TC001 - pydantic reads the annotations
from sync.gates import DedupeField, SendWindowField, Suppress  # noqa: TC001 - pydantic reads the annotations
from sync.zones import Zone  # noqa: TC001 - pydantic reads the annotations

_OFF = "none"


def _rate_or_none(value: Any) -> Rate | None:
    if isinstance(value, str) and value.strip().lower() == _OFF:
        return None
    if value is None:
        raise ValueError("is empty; write a rate like 10/s, or none for no limit of our own")
    return parse_rate(value)


def _positive(value: timedelta) -> timedelta:
    if value <= timedelta(0):
        raise ValueError("must be longer than nothing, as in 30s")
    return value


#: A rate, or None where the user wrote the word ``none``; an empty value is an error, never "no limit".
RateOrNone = Annotated[
    Rate | None,
    BeforeValidator(_rate_or_none),
    PlainSerializer(lambda rate: str(rate or _OFF), return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^(none|\d+(\.\d+)?\s*/\s*\d*\s*(ms|s|m|h|d|w))$",
            "examples": ["10/s", "100/10s", _OFF],
        }
    ),
]
PositiveDuration = Annotated[Duration, AfterValidator(_positive)]


class EndpointSettings(BaseModel):
    """Base of every endpoint's settings: frozen, an unknown key is an error, no value in an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, validate_default=True)

    rate_limit: RateOrNone = Field(
        # Hatch states 100 requests in 10 seconds for its newer API and nothing for the Standard API
        # (docs.usehatchapp.com, "Hatch API Reference", FAQ); the one that is stated is kept for both.
        Rate(10, timedelta(seconds=1)),
        description="How many requests in how long, as in 10/s or 100/10s; none for no limit of our own.",
        json_schema_extra={"default": "10/s"},
    )
    max_in_flight: int = Field(
        16,
        ge=1,
        le=1000,
        description="How many requests may wait for their answer at once, at most.",
        examples=[16],
    )
    timeout: PositiveDuration = Field(
        timedelta(seconds=30),
        description="How long to wait for an answer after a request was sent; then its outcome is unknown.",
        json_schema_extra={"default": "30s"},
    )
    unknown_outcome: Literal["repeat", "hold"] = Field(
        "repeat",
        description="What becomes of a lead whose request was sent and never answered: repeat sends it "
        "again (it may arrive twice), hold waits for retry or discard (it may not have arrived).",
    )
    max_repeats: int = Field(
        3,
        ge=1,
        le=100,
        description="How often a lead is repeated after an unknown outcome, at most.",
        examples=[3],
    )
    give_up: Duration = Field(
        timedelta(seconds=30),
        description="How long sync goes on against an endpoint that keeps failing.",
        json_schema_extra={"default": "30s"},
    )
    renamed_from: OldNames | None = Field(
        None,
        description="What it was before: its old name, department or host. What was sent there then counts "
        "as sent here.",
        examples=["12345678", ["12345678", "east"]],
    )
    timezone: Zone | None = Field(
        None, description="The zone of send_window, by its IANA name as in America/New_York."
    )
    send_window: SendWindowField | None = Field(
        None,
        description="When leads may be sent, as in 8:00-20:00 or mon-fri 8:00-20:00, in `timezone`. At other "
        "times they wait.",
    )
    dedupe: DedupeField | None = Field(
        None,
        description="A new lead is discarded when another one with the same phone or e-mail was sent, as in "
        "phone, email within 30d.",
    )
    max_age: PositiveDuration | None = Field(
        None,
        description="A lead that is older than this when its turn comes is held until you approve it, "
        "as in 7d.",
    )
    suppress: Suppress | None = Field(
        None,
        description="Phones and e-mails that are never sent to: a file, or a table or query of a database.",
    )

    @field_validator("send_window")
    @classmethod
    def _in_a_zone(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse a window whose clock is not named. A zone that is wrong was refused already."""
        if value is not None and info.data.get("timezone", value) is None:
            raise ValueError("needs `timezone` beside it, as in timezone: America/New_York")
        return value
