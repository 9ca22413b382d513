"""Whether leads may go at all now: by the clock of `send_window`, and while the suppression list is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from sync.delivery.health import Status
from sync.delivery.memory import asked_until, is_about_list, kept
from sync.events import EndpointDown, EndpointUp, Said

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from sync.delivery.health import Condition
    from sync.delivery.memory import Kept
    from sync.events import Events
    from sync.gates import SendWindow
    from sync.store.outbox import Outbox

_OUTSIDE = "outside of send_window"
_DAY, _WEEK = timedelta(days=1), timedelta(days=6)


class Suppressions(Protocol):
    """The suppression list, as far as delivery asks for it."""

    @property
    def problem(self) -> str | None:
        """Why it is not known who must not be texted, None when it is."""
        ...

    async def renew(self, now: float) -> None:
        """Read the list where that was not done yet, and again when it may have changed."""
        ...


@dataclass(frozen=True, slots=True)
class Closed:
    """That nothing may be sent now, and why."""

    #: For people, as in ``outside of send_window``.
    reason: str
    #: When it opens by itself, in seconds since the epoch; None: when somebody has mended something.
    opens: float | None = None
    #: The same for people, as in ``08:00``; empty when nobody knows.
    until: str = ""

    def of(self, waiting: int) -> str:
        """Return why, and how many leads wait."""
        leads = f"{waiting:,} lead waits" if waiting == 1 else f"{waiting:,} leads wait"
        return f"{self.reason}, {leads} until {self.until}" if self.until else f"{self.reason}; {leads}"


@dataclass(frozen=True, slots=True)
class Hours:
    """A window with the zone of its clock."""

    window: SendWindow
    zone: ZoneInfo

    def closed(self, now: float) -> Closed | None:
        """Return until when it is closed, None when it is open."""
        opens = self.window.opening(now, self.zone)
        return Closed(_OUTSIDE, opens, clock(opens, now, self.zone)) if opens > now else None


class Doors:
    """Opens and closes by the rules of one endpoint, and says so once.

    Args:
        outbox: what goes through; whose endpoint is marked as halted while the list can't be read.
        tell: who is told.
        hours: when leads may be sent; None: at any time.
        suppressions: without which nothing is sent; None: there is no such list.

    """

    def __init__(
        self,
        outbox: Outbox,
        tell: Events,
        hours: Hours | None = None,
        suppressions: Suppressions | None = None,
    ) -> None:
        self._outbox = outbox
        self._tell = tell
        self._hours = hours
        self._suppressions = suppressions
        self._told: str | None = None
        self._is_new = True
        self._was_closed = False

    async def look(self, now: float, condition: Condition) -> None:
        """Bring up to date what is not told by the clock.

        Args:
            now: the time.
            condition: how the endpoint itself stands, which holds again when the list can be read.

        Raises:
            StoreError: when the store can't be used.

        """
        if self._suppressions is not None:
            await self._suppressions.renew(now)
            await self._note_list(self._suppressions.problem, condition, now)
        if self._hours is not None:
            self._note_hours(self._hours.closed(now))

    def closed(self, now: float) -> Closed | None:
        """Return why nothing may be sent now, None when leads may go."""
        if self._suppressions is not None and self._suppressions.problem is not None:
            return Closed(self._suppressions.problem)
        return self._hours.closed(now) if self._hours is not None else None

    def kept(self, condition: Condition) -> Kept:
        """Return what the store keeps of an endpoint that itself stands as given: that the list bars it.

        A Retry-After stands beside that, since the next process knows of it from there only.
        """
        if self._told is None:
            return kept(condition)
        return Status.HALTED.value, self._told, asked_until(condition)

    async def _note_list(self, problem: str | None, condition: Condition, now: float) -> None:
        told, self._told = self._told, problem
        is_new, self._is_new = self._is_new, False
        endpoint = self._outbox.endpoint
        if problem is not None and problem != told:
            await self._outbox.remember(*self.kept(condition))
            self._tell(EndpointDown(endpoint, problem, None, halted=True))
        elif problem is None and (told is not None or (is_new and await self._was_halted_by_it())):
            await self._outbox.remember(*self.kept(condition))
            self._tell(news_of(endpoint, condition, now))

    async def _was_halted_by_it(self) -> bool:
        """Tell whether an earlier process could not read the list."""
        return is_about_list(await self._outbox.condition())

    def _note_hours(self, closed: Closed | None) -> None:
        was, self._was_closed = self._was_closed, closed is not None
        if closed is not None and not was:
            self._tell(Said(f"{self._outbox.endpoint}: {closed.reason}, leads wait until {closed.until}"))
        elif closed is None and was:
            self._tell(Said(f"{self._outbox.endpoint}: send_window is open, leads are sent"))


def news_of(endpoint: str, condition: Condition, now: float) -> EndpointUp | EndpointDown:
    """Return what there is to tell of how an endpoint itself stands."""
    if condition.status is Status.UP:
        return EndpointUp(endpoint)
    wait = max(0.0, condition.not_before - now)
    return EndpointDown(endpoint, condition.reason, wait, halted=condition.status is Status.HALTED)


def clock(moment: float, now: float, zone: ZoneInfo) -> str:
    """Return a time as a clock in a zone shows it, with the day where that is not plain."""
    then = datetime.fromtimestamp(moment, zone)
    distance = timedelta(seconds=moment - now)
    if distance < _DAY:
        return f"{then:%H:%M}"
    return f"{then:%a %H:%M}" if distance < _WEEK else f"{then:%Y-%m-%d %H:%M}"
