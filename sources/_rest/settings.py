"""What stands in connector.yaml under a source of type `rest`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from pydantic import ConfigDict, Field, field_validator, model_validator

from sources._rest.auth import AuthSettings, NoneAuth
from sources._rest.paging import PagingSettings  # noqa: TC001 pydantic reads it
from sources._rest.paging_base import NoPaging
from sources._rest.secrets import MaybeEmptySecret  # noqa: TC001 pydantic reads it
from sources._rest.since import SinceParam, TimeParam  # noqa: TC001 pydantic reads it
from sources._rest.urls import Url  # noqa: TC001 pydantic reads it
from sources.base import SourceSettings
from sources.units import Duration, RateLimit  # noqa: TC001 pydantic reads it


class RestSettings(SourceSettings):
    """A JSON API: one request that lists records, and how to go on from there."""

    model_config = ConfigDict(hide_input_in_errors=True)

    url: Url = Field(
        description="The absolute URL that lists the records.",
        examples=["https://api.example.com/v1/contacts"],
        repr=False,
    )
    method: Literal["GET", "POST"] = Field(
        "GET", description="GET, or POST for APIs that search by a JSON body.", examples=["POST"]
    )
    params: dict[str, str | int | float | bool | list[str | int | float]] = Field(
        default_factory=dict,
        description="Query parameters to send with every request.",
        examples=[{"status": "active"}],
        repr=False,
    )
    headers: dict[str, MaybeEmptySecret] = Field(
        default_factory=dict,
        description="Headers to send with every request; their values are treated as secrets.",
        examples=[{"Accept-Version": "2"}],
    )
    json_body: dict[str, Any] | list[Any] | None = Field(
        None,
        alias="json",
        description="Body of a POST, sent as JSON.",
        examples=[{"sorts": [{"propertyName": "lastmodifieddate", "direction": "ASCENDING"}]}],
        repr=False,
    )
    auth: AuthSettings = Field(
        default_factory=lambda: NoneAuth(type="none"),
        description="How to prove who we are.",
        examples=[{"type": "bearer", "token": "${CRM_TOKEN}"}],
    )
    records: str | None = Field(
        None,
        description="Path to the list of records in the answer; left out, the answer itself is the list.",
        examples=["data.items"],
    )
    key: str | list[str] = Field(
        description="Path to what names a record for good, or a list of paths.",
        examples=["id", ["org", "id"]],
    )
    changed: str | None = Field(
        None, description="Path to the time a record changed.", examples=["attributes.updated_at"]
    )
    changed_format: str = Field(
        "auto",
        description=(
            "auto reads ISO 8601, HTTP dates, epoch numbers (s, ms, µs by their size, from 1973 on); "
            "else epoch_s, epoch_ms or a strptime pattern."
        ),
        examples=["epoch_s", "%m/%d/%Y %I:%M %p"],
    )
    order: Literal["unordered", "ascending", "descending"] = Field(
        "unordered",
        description=(
            "How the API sorts by change time. ascending: a stopped poll goes on where it was, unless pages "
            "are counted: a list sorted so moves under page numbers and offsets, and may be read again. "
            "descending: reading stops where the last poll began, also without `since`. "
            "Only say so if the API does sort."
        ),
        examples=["ascending"],
    )
    paging: PagingSettings = Field(
        default_factory=lambda: NoPaging(type="none"),
        description="How to get the pages after the first.",
        examples=[{"type": "cursor", "cursor": "meta.next_cursor", "param": "cursor"}],
    )
    since: SinceParam | None = Field(
        None,
        description="How to ask for what changed since a time; left out, every poll reads everything.",
        examples=[{"param": "updated_since", "format": "iso_z"}],
    )
    until: TimeParam | None = Field(
        None,
        description="How to ask for what changed before a time; makes backfills of a span cheaper.",
        examples=[{"param": "updated_until"}],
    )
    errors: str | None = Field(
        None,
        description="Path to what is there only when a request failed, for APIs that fail with status 200.",
        examples=["errors"],
    )
    allow_hosts: list[str] = Field(
        default_factory=list,
        description="Further hosts that may get the credentials, when pages or redirects lead there.",
        examples=[["eu.example.com"]],
    )
    rate_limit: RateLimit | None = Field(
        None, description="At most so many requests in so long.", examples=["5/s", "100/10s"]
    )
    rate_limit_statuses: list[int] = Field(
        default_factory=list,
        description="Statuses beside 429 by which this API says that it is asked too often.",
        examples=[[403]],
    )
    timeout: Duration = Field(
        timedelta(seconds=30), description="For each wait on the network.", examples=["30s"]
    )

    @property
    def by_position(self) -> bool:
        """Whether polls go on from where the last one was, instead of reading everything."""
        return self.changed is not None and (self.since is not None or self.order == "descending")

    @field_validator("key")
    @classmethod
    def _is_something(cls, value: str | list[str]) -> str | list[str]:
        if not value or not all(value):
            raise ValueError("it must name at least one path")
        return value

    @field_validator("changed_format")
    @classmethod
    def _is_a_format(cls, value: str) -> str:
        if value not in ("auto", "epoch_s", "epoch_ms") and "%" not in value:
            raise ValueError("use auto, epoch_s, epoch_ms or a pattern like %m/%d/%Y")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> RestSettings:
        if self.changed is None and (self.since is not None or self.order != "unordered"):
            raise ValueError("`since` and `order` need `changed`, the path to the time a record changed")
        uses_body = self.json_body is not None or any(
            getattr(part, "in_", "query") == "json" for part in (self.paging, self.since, self.until)
        )
        if uses_body and self.method != "POST":
            raise ValueError("`json` and `in: json` need `method: POST`")
        return self
