"""What `status` says of an endpoint."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.cli.frame.endpoint_lines import endpoint_lines
from sync.cli.frame.source_lines import Moment
from sync.store.views.status import EndpointStatus
from sync.store.views.working import Working

NOW = 1_800_000_000.0
BUSY = Working(window=16, max_in_flight=16, in_flight=12, rate=1240.4, next_try=None, at=NOW - 0.5)
UP = EndpointStatus("default", "up", None, None, None, "pid 7 on host", None, BUSY)
IDLE = replace(BUSY, in_flight=0)
DOWN = replace(UP, state="down", reason="503: busy", since=NOW - 125)
HALTED = replace(UP, state="halted", reason="401: the key", since=NOW - 125, deliverer=None, working=None)


def said(status: EndpointStatus | None, *, drawn: bool = False, screen: bool = True) -> str:
    """Return the lines as one text."""
    lines = endpoint_lines(status, Moment(NOW, relative=screen), drawn=drawn)
    return "\n".join(f"{line.label}: {line.text}" for line in lines)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (None, "state: up"),
        (UP, "sending: 1,240 accepted a second, 12 in the air"),
        (UP, "window: 16 at once, all that is allowed"),
        (UP, "note: being delivered to by pid 7 on host"),
        (replace(UP, working=replace(BUSY, rate=3.0)), "sending: 3 accepted a second"),
        (replace(UP, working=replace(BUSY, rate=0.4)), "sending: 0.4 accepted a second"),
        (replace(UP, working=replace(BUSY, window=9, max_in_flight=50)), "window: 9 at once of 50 allowed"),
        (replace(UP, working=replace(BUSY, max_in_flight=50)), "of 50 allowed, as far as is found"),
        (replace(UP, working=replace(IDLE, max_in_flight=50)), "of 50 allowed, more was not needed"),
        (replace(UP, working=IDLE), "sending: nothing at the moment"),
        (replace(UP, working=None), "sending: just begun"),
        (replace(UP, working=replace(BUSY, at=NOW - 200)), "not heard of for 3m 20s: is it suspended?"),
        (replace(UP, working=replace(IDLE, at=NOW - 9000)), "sending: nothing at the moment"),
        (replace(UP, deliverer=None, working=None), "sending: nothing delivers to it at the moment"),
        (DOWN, "state: down for 2m 5s: 503: busy"),
        (replace(DOWN, working=replace(IDLE, next_try=NOW + 4)), "next try: in 4s, with one request"),
        (replace(DOWN, not_before=NOW + 3000), "next try: in 50m: it asked to be left alone"),
        (
            replace(DOWN, working=replace(BUSY, in_flight=1)),
            "sending: one request, to see whether",
        ),
        (HALTED, "state: halted for 2m 5s: 401: the key"),
        (HALTED, "next try: with one request, by the next `leadrelay sync`"),
        (replace(UP, paused_since=NOW - 60), "note: paused since 1m ago"),
    ],
)
def test_what_is_said(status: EndpointStatus | None, expected: str) -> None:
    assert expected in said(status)


def test_no_number_is_shown_of_a_delivery_that_is_over() -> None:
    text = said(replace(UP, deliverer=None, working=None))
    assert "window" not in text
    assert "a second" not in text


def test_no_window_is_shown_while_one_request_tries() -> None:
    assert "window" not in said(DOWN)


def test_the_window_is_drawn_where_it_can_be_seen() -> None:
    half = replace(UP, working=replace(BUSY, window=25, max_in_flight=50))
    assert f"window: {'█' * 8}{'░' * 8} 25 at once of 50" in said(half, drawn=True)
    assert said(half).isascii()


def test_times_in_a_file_are_times_of_day() -> None:
    text = said(DOWN, screen=False)
    assert "state: down since 2027-01-1" in text
