"""The `since:` and `until:` blocks: how an API is asked for what changed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from sources._rest.placing import Place, write
from sources.base import SourceSettings

if TYPE_CHECKING:
    from sources.http import Call

#: Some APIs fail for times before their own beginning; nothing was changed in a CRM before this.
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: Later than any change, and with room above it to round up.
_LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SECOND = timedelta(seconds=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
#: Patterns of strftime by the words that stand for them.
_PATTERNS = {"iso_z": "%Y-%m-%dT%H:%M:%SZ", "iso": "%Y-%m-%dT%H:%M:%S%:z", "date": "%Y-%m-%d"}
_WORDS = ("iso_z", "iso", "epoch_s", "epoch_ms", "date")
#: What a pattern is exact to, by the finest directive that it has.
_UNITS = (
    (re.compile("%f"), timedelta(milliseconds=1)),
    (re.compile("%[STsXcrT]"), _SECOND),
    (re.compile("%[MR]"), timedelta(minutes=1)),
    (re.compile("%[HI]"), _HOUR),
)
_HAS_ZONE = re.compile("%:?z|%s|Z$")


def _known_format(value: str) -> str:
    if value not in _WORDS and "%" not in value:
        raise ValueError(
            f"{value!r} is not a format: use {', '.join(_WORDS)}, or a pattern like %Y-%m-%d %H:%M:%S"
        )
    return value


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, OSError, ValueError):
        raise ValueError(f"{value!r} is not a time zone; write it like UTC or America/New_York") from None
    return value


Zone = Annotated[str, AfterValidator(_known_zone)]


class TimeParam(SourceSettings):
    """One bound of change time, as this API wants to be told it."""

    param: str = Field(
        description="Parameter that takes the time; a dotted path with `in: json`.",
        examples=["updated_since", "$filter", "filterGroups.0.filters.0.value"],
    )
    format: Annotated[str, AfterValidator(_known_format)] = Field(
        "iso_z",
        description=(
            "iso_z (2026-03-04T10:11:12Z), iso (with an offset), epoch_s, epoch_ms, date, "
            "or a strftime pattern."
        ),
        examples=["epoch_ms", "%m/%d/%Y"],
    )
    timezone: Zone = Field(
        "UTC",
        description="The zone the API reads the value in; iso_z is always UTC.",
        examples=["America/New_York"],
    )
    in_: Place = Field(
        "query",
        alias="in",
        description="Where the parameter goes: query, json or header.",
        examples=["header"],
    )
    value: str = Field(
        "{time}",
        description="What to send, with {time} where the time goes.",
        examples=["modifiedon ge {time}"],
        pattern=r"\{time\}",
    )

    @property
    def unit(self) -> timedelta:
        """What the format is exact to."""
        if self.format == "epoch_ms":
            return timedelta(milliseconds=1)
        if self.format == "epoch_s":
            return _SECOND
        pattern = _PATTERNS.get(self.format, self.format)
        return next((unit for finest, unit in _UNITS if finest.search(pattern)), _DAY)

    def write_lower(self, call: Call, at: datetime) -> Call:
        """Ask for what changed at or after a time, so that neither rounding nor a `>` loses a record."""
        at = max(at, _EPOCH)
        floored = self._floored(at)
        if floored == at:  # an API that compares with > would leave out the records at this very time
            floored = self._floored(at - _MICROSECOND)
        return self._write(call, self._outside_a_fold(floored, -1))

    def write_upper(self, call: Call, at: datetime) -> Call:
        """Ask for what changed before a time; what comes beyond it is left out on our side."""
        floored = self._floored(at := min(at, _LATEST))
        ceiling = floored if floored == at else self._floored(floored + self.unit + self.unit / 2)
        return self._write(call, self._outside_a_fold(ceiling, 1))

    def _write(self, call: Call, at: datetime) -> Call:
        text = self._text(max(at, _EPOCH))
        value: str | int = self.value.replace("{time}", text)
        if self.in_ == "json" and self.format.startswith("epoch") and self.value == "{time}":
            value = int(text)
        return write(call, self.in_, self.param, value)

    def _floored(self, at: datetime) -> datetime:
        if self.unit == _HOUR:  # some zones are half an hour off
            return at.astimezone(self._zone).replace(minute=0, second=0, microsecond=0)
        if self.unit < _DAY:
            since_epoch = at - _EPOCH
            return _EPOCH + since_epoch // self.unit * self.unit
        local = at.astimezone(self._zone).date()
        return datetime.combine(local, datetime.min.time(), self._zone)

    def _text(self, at: datetime) -> str:
        if self.format == "epoch_s":
            return str((at - _EPOCH) // _SECOND)
        if self.format == "epoch_ms":
            return str((at - _EPOCH) // timedelta(milliseconds=1))
        local = at.astimezone(self._zone)
        if self.format == "iso":
            return local.isoformat(timespec="seconds")
        return local.strftime(_PATTERNS.get(self.format, self.format))

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo("UTC" if self.format == "iso_z" else self.timezone)

    def _outside_a_fold(self, at: datetime, direction: Literal[-1, 1]) -> datetime:
        """Move a wall-clock time that happens twice out of the doubt, when no offset goes with it."""
        pattern = _PATTERNS.get(self.format, self.format)
        if self.format.startswith("epoch") or _HAS_ZONE.search(pattern) or self.unit >= _DAY:
            return at
        local = at.astimezone(self._zone)
        one, other = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
        return at if one is None or other is None else at + direction * abs(one - other)


class SinceParam(TimeParam):
    """How the API is asked for what changed since a time."""

    start: date | None = Field(
        None,
        description="Sent when there is no position yet; without it, the first read has no such parameter.",
        examples=["2000-01-01"],
    )

    def write_start(self, call: Call) -> Call:
        """Return the request for the very first read."""
        if self.start is None:
            return call
        return self._write(call, datetime.combine(self.start, datetime.min.time(), UTC))
