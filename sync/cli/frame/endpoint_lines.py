"""How `status` describes an endpoint: label and text, for a screen and for a line alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.cli.frame.source_lines import Line
from sync.cli.frame.times import span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.cli.frame.source_lines import Moment
    from sync.store.views.status import EndpointStatus
    from sync.store.views.working import Working

_WIDTH = 16


def endpoint_lines(status: EndpointStatus | None, moment: Moment, *, drawn: bool) -> Iterator[Line]:
    """Yield what there is to say about an endpoint.

    Args:
        status: None for one that nothing is known of.
        moment: now.
        drawn: whether the window is drawn as well: on a screen that has the characters.

    """
    if status is None or status.state == "up":
        yield Line("state", "up", "green")
    else:
        yield from _not_up(status, moment)
    if status is None:
        return
    if status.deliverer:
        yield from _delivery(status, moment, drawn=drawn)
        yield Line("note", f"being delivered to by {status.deliverer}", "cyan")
    else:
        yield Line("sending", "nothing delivers to it at the moment", "dim")
    if status.paused_since:
        yield Line("note", f"paused since {moment.past(status.paused_since)}", "yellow")


def _not_up(status: EndpointStatus, moment: Moment) -> Iterator[Line]:
    since = f" {_since(status.since, moment)}" if status.since else ""
    yield Line("state", f"{status.state}{since}: {status.reason or 'no reason is known'}", "red")
    asked = status.not_before is not None and status.not_before > moment.now
    if asked and status.not_before is not None:
        yield Line("next try", f"{moment.future(status.not_before)}: it asked to be left alone", "yellow")
    elif status.working and status.working.next_try is not None:
        yield Line("next try", f"{moment.future(status.working.next_try)}, with one request", "yellow")
    else:
        yield Line("next try", "with one request, by the next `leadrelay sync`", "yellow")


def _since(then: float, moment: Moment) -> str:
    return f"for {span(moment.now - then)}" if moment.relative else f"since {moment.past(then)}"


def _delivery(status: EndpointStatus, moment: Moment, *, drawn: bool) -> Iterator[Line]:
    """Say what the process that delivers does: it has noted that in the last second or two."""
    working = status.working
    if working is None:
        yield Line("sending", "just begun", "dim")
    elif working.is_silent(moment.now):
        yield Line("sending", f"not heard of {_since(working.at, moment)}: is it suspended?", "yellow")
    elif not working.in_flight:
        yield Line("sending", "nothing at the moment", "dim")
    elif status.state != "up":
        yield Line("sending", "one request, to see whether it is back", "cyan")
    else:
        yield Line("sending", f"{_rate(working.rate)}, {working.in_flight:,} in the air", "cyan")
    if working is not None and status.state == "up":
        yield _window(working, drawn=drawn)


def _rate(rate: float) -> str:
    number = f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}".removesuffix(".0")  # noqa: PLR2004 - digits
    return f"{number} accepted a second"


def _window(working: Working, *, drawn: bool) -> Line:
    """Say how many may be in the air; less than is allowed is what the endpoint has shown to be enough."""
    size, most = working.window, working.max_in_flight
    full = round(_WIDTH * size / most)
    bar = "█" * full + "░" * (_WIDTH - full) + " " if drawn else ""
    if size >= most:
        return Line("window", f"{bar}{size:,} at once, all that is allowed")
    why = "as far as is found" if working.in_flight * 2 >= size else "more was not needed"
    return Line("window", f"{bar}{size:,} at once of {most:,} allowed, {why}")
