"""Timestamps stored as text, as SQLite does: compared as text, so they have to be written in one form."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from sources._sql.cursors import Unlike, unlike
from sources._sql.local_time import instants, wall_at, wall_from, wall_until
from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from sqlalchemy import ColumnElement

_FORM = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)"
    r"(?:(?P<separator>[T ])(?P<time>\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?"
)
#: How far ahead of and behind UTC a clock can be.
_AHEAD, _BEHIND = timedelta(hours=14), timedelta(hours=12)
_MINUTE = timedelta(minutes=1)
#: How many of the values looked at have to be of one form.
_ENOUGH = 0.9


@dataclass(frozen=True, slots=True)
class Form:
    """How a timestamp is written."""

    #: ``T`` or a space; empty for a date alone.
    separator: str
    #: ``none``, ``UTC`` or ``offset``.
    zone: str

    def __str__(self) -> str:
        """Return an example."""
        if not self.separator:
            return "2026-01-31"
        suffix = {"none": "", "UTC": "Z", "offset": "-05:00"}[self.zone]
        return f"2026-01-31{self.separator}10:00:00{suffix}"

    @classmethod
    def of(cls, match: re.Match[str]) -> Form:
        """Return the form of a value that was recognised."""
        zone = match["zone"]
        if not zone:
            return cls(match["separator"] or "", "none")
        utc = zone.replace(":", "") in ("Z", "+00", "-00", "+0000", "-0000")
        return cls(match["separator"], "UTC" if utc else "offset")


@dataclass(frozen=True, slots=True)
class StoredText:
    """ISO timestamps of one form, in text.

    A value of another form would not sort among the others by time. Where such a value may be passed
    over, `strays` finds it, so that it is set aside and not lost.
    """

    form: Form
    zone: tzinfo
    timed: ClassVar[bool] = True
    keeps_raw: ClassVar[bool] = True

    def moments(self, raw: Any) -> tuple[datetime, datetime]:
        """Return what the text may mean."""
        match = _FORM.fullmatch(raw.strip()) if isinstance(raw, str) else None
        if match is None:
            raise Unlike(unlike(raw, f"a time written like {self.form}"))
        form = Form.of(match)
        if form != self.form:
            raise Unlike(f"a time written like {form} where the others are written like {self.form}")
        try:
            return self._meaning(match)
        except ValueError:
            raise Unlike("text that looks like a time and is none") from None

    def exact(self, at: datetime) -> str:
        """Return where the text begins that gave this cursor."""
        return self.lower(at)

    def lower(self, at: datetime) -> str:
        """Return a text that no time from this one on sorts before; seconds may be written or not."""
        if self.form.zone == "none":
            return self._text(wall_from(at, self.zone))
        return self._text(wall_at(at, UTC) - (_BEHIND if self.form.zone == "offset" else timedelta(0)))

    def upper(self, at: datetime) -> str:
        """Return a text that no time before this one reaches."""
        if self.form.zone == "none":
            wall = wall_until(at, self.zone)
        else:
            wall = wall_at(at, UTC) + (_AHEAD if self.form.zone == "offset" else timedelta(0))
        return self._text(wall + (_MINUTE if self.form.separator else timedelta(days=1)))

    def strays(self, column: ColumnElement[Any], start: str | None) -> list[ColumnElement[bool]]:
        """Return where values stand that could be passed over: no text, or text of another form.

        Args:
            column: the cursor's column.
            start: the text that reading begins from; None: from the first one.

        """
        if start is None:
            return []
        # SQLite sorts numbers before all text. Days and months that come first, as in 2/14/2026, sort among
        # years that nothing was changed in. "-" and ":" keep the bounds from being taken for numbers.
        ranges = [column < "1900-", (column > "1:") & (column < "2000-")]
        if self.form.separator:
            day = start[:10]
            ranges.append((column >= day) & (column < day + self.form.separator))
        return ranges

    def _meaning(self, match: re.Match[str]) -> tuple[datetime, datetime]:
        if not match["separator"]:
            day = datetime.fromisoformat(match["date"])
            first, _ = instants(datetime.combine(day, time()), self.zone)
            return first, first
        moment = datetime.fromisoformat(f"{match['date']}T{match['time']}{match['zone'] or ''}")
        if moment.tzinfo is None:
            return instants(moment, self.zone)
        return moment.astimezone(UTC), moment.astimezone(UTC)

    def _text(self, wall: datetime) -> str:
        if not self.form.separator:
            return wall.date().isoformat()
        return wall.isoformat(self.form.separator, "minutes")


def form_of(values: Sequence[Any], column: str) -> Form | None:
    """Return the one form that times are written in; None when none of the values is a time.

    Raises:
        BadConfig: when they are written in several.

    """
    matches = [_FORM.fullmatch(value.strip()) for value in values if isinstance(value, str)]
    forms = Counter(Form.of(match) for match in matches if match)
    if not forms:
        return None
    (form, count), *others = forms.most_common()
    if count < _ENOUGH * forms.total():
        also = ", ".join(str(other) for other, _ in others)
        raise BadConfig(
            f"{column} holds times written like {form} and like {also}: text in several forms does not sort "
            "by time; write them in one form, or leave `cursor` out to compare all rows in each poll",
            "cursor",
        )
    return form
