"""What every source can be told, whatever its type."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import Annotated, Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, WithJsonSchema

from sources.units import Duration, RateLimit  # noqa: TC001 - pydantic reads the annotations
from sync.config.schedule import ScheduleField  # noqa: TC001 - pydantic reads the annotations
from sync.endpoints.renamed import OldNames  # noqa: TC001 - pydantic reads the annotations
from sync.hooks import HookField  # noqa: TC001 - pydantic reads the annotations
from sync.zones import Zone  # noqa: TC001 - pydantic reads the annotations

#: What the endpoint of ``endpoint:`` is called, since leads are remembered by their endpoint's name.
DEFAULT_ENDPOINT = "default"

FIRST_SYNC = (
    'what to do with the leads that are there already: "now" sends only what changes from now on, '
    '"everything" sends all of them, and a date as in 2026-01-31 what changed since then'
)
FirstSync: TypeAlias = Literal["now", "everything"] | datetime

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _first_sync(value: Any, info: ValidationInfo) -> Any:
    """Read ``now``, ``everything`` or an ISO date, which is midnight in the source's zone."""
    if isinstance(value, str) and value.strip().lower() in ("now", "everything"):
        return value.strip().lower()
    found = _moment(value, info)
    if found is None:
        raise ValueError(f"must be now, everything or a date: {FIRST_SYNC}")
    return found


def _created_after(value: Any, info: ValidationInfo) -> Any:
    """Read an ISO date or a date with a time, in the source's zone where it names none."""
    found = _moment(value, info)
    if found is None and value is not None:
        raise ValueError("must be a date, or a date with a time, as in 2026-01-31 or 2026-01-31 08:00")
    return found


def _moment(value: Any, info: ValidationInfo) -> datetime | None:
    """Return the moment that an ISO date names, None for what is none; a day begins at midnight."""
    found = value if isinstance(value, datetime) else None
    if isinstance(value, str) and _DAY.match(value.strip()):
        try:
            found = datetime.fromisoformat(value.strip())
        except ValueError as error:
            raise ValueError(f"{value!r} is not a date: {error}") from None
    if found is None:
        return None
    zone: tzinfo = info.data.get("timezone") or UTC
    return found if found.tzinfo else found.replace(tzinfo=zone)


class SourceOptions(BaseModel):
    """The settings that all sources share. The rest of a source's section belongs to its adapter."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    type: str = Field(description="Which adapter reads this source: see `leadrelay sources`.")
    mapping: str = Field(
        min_length=1,
        description="The file that turns a record into a lead, relative to this one.",
        examples=["mappings/leads.yaml"],
    )
    schedule: ScheduleField | None = Field(
        None,
        description="When `run` polls it: every 30s, every 2h, or a cron line. Without one, only by `sync`.",
    )
    timezone: Zone = Field(
        ZoneInfo("UTC"),
        description="The zone of the schedule, of first_sync, and of times in records that carry none.",
    )
    first_sync: Annotated[
        FirstSync,
        BeforeValidator(_first_sync),
        WithJsonSchema(
            {"anyOf": [{"enum": ["now", "everything"]}, {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d"}]}
        ),
    ] = Field(description=f"Decides {FIRST_SYNC}.")
    created_after: Annotated[
        datetime | None,
        BeforeValidator(_created_after),
        WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d\d-\d\d"}),
    ] = Field(
        None,
        description="A lead that was created before this is not sent, unless the endpoint has it already.",
        examples=["2026-01-31"],
    )
    max_sends: RateLimit | None = Field(
        None,
        description="More than this many leads in the time are held until you approve them, as in 500/h.",
    )
    lookback: Duration | None = Field(
        None, description="How far before the last position each poll begins, for records that turn up late."
    )
    endpoint: str | None = Field(None, description="Which of `endpoints` its leads go to.", examples=["east"])
    jitter: Duration | None = Field(
        None,
        description="Up to this much is added to each scheduled time, so that not all sources start at once.",
    )
    hook: HookField | None = Field(
        None,
        description="Who may call at /hooks/ and this source's name when something has changed, so that "
        "`run` polls at once: hubspot, pipedrive, gohighlevel, or hmac.",
    )
    renamed_from: OldNames | None = Field(
        None,
        description="What it was before: its old name, path or table. Its leads are then known for the same.",
        examples=["contacts", ["contacts", "old_leads"]],
    )


#: The names of the shared settings, in the order they are documented in.
OPTION_NAMES = tuple(SourceOptions.model_fields)
