"""Times, numbers, positions and tables as people read them."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sources.position import Position
from sync.cli.frame.failures import Refused
from sync.cli.frame.json_output import iso, write_json
from sync.cli.frame.positions import readable
from sync.cli.frame.printing import Printer
from sync.cli.frame.times import ago, clock, span
from sync.cli.frame.windows import window_of
from sync.cli.frame.words import counts_in_words, number_of
from sync.states import State


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0s"),
        (59.4, "59s"),
        (60, "1m"),
        (61, "1m 1s"),
        (3600, "1h"),
        (7261, "2h 1m"),
        (90000, "1d 1h"),
        (-5, "0s"),
    ],
)
def test_spans_are_told_in_their_two_largest_units(seconds, shown):
    assert span(seconds) == shown


def test_what_was_is_told_from_now():
    assert (ago(100.0, 100.5), ago(40.0, 100.0)) == ("just now", "1m ago")


@pytest.mark.usefixtures("_in_new_york")
def test_clocks_show_this_machines_zone():
    assert clock(datetime(2026, 7, 1, 12, tzinfo=UTC)) == "2026-07-01 08:00:00"
    assert clock(datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp()) == "2026-07-01 08:00:00"


@pytest.fixture
def _in_new_york(monkeypatch):
    import time

    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_documents_have_times_in_utc():
    assert iso(datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp() + 0.25) == "2026-07-01T12:00:00.250Z"
    assert iso(None) is None


def test_numbers_and_states_in_words():
    assert (number_of(1, "lead"), number_of(1200, "lead")) == ("1 lead", "1,200 leads")
    counts = {State.PENDING: 1, State.REJECTED: 1200, State.HELD: 0, State.UNKNOWN: 2}
    assert counts_in_words(counts) == "2 unknown, 1,200 rejected, 1 pending"


def test_p10_positions_never_show_a_key():
    at = datetime(2026, 7, 1, 12, tzinfo=UTC)
    shown = readable(Position(at, ("ada@example.com",)), 0.0, 60.0)
    assert shown == f"all changes up to {clock(at)} (1m ago)"
    assert readable(None, None, None) == "none yet"
    assert readable(None, 5.0, None) == "from the beginning"
    assert readable(Position(42), 5.0, None).startswith("all changes up to 42, at ")
    assert readable(Position(token="size:1"), 5.0, None) == f"all that was there, at {clock(5.0)}"


def test_tables_in_a_file_are_lines_for_grep():
    stream = io.StringIO()
    rows = [("crm:7", ("held", "yellow"), "1"), ("walk_ins:12", "rejected", "1,200")]
    Printer(stream).table(("ID", "STATE", "TRIES"), rows, numbers=("TRIES",))
    assert stream.getvalue().splitlines() == [
        "ID           STATE     TRIES",
        "crm:7        held          1",
        "walk_ins:12  rejected  1,200",
    ]


def test_lines_in_a_file_are_never_wrapped():
    stream = io.StringIO()
    Printer(stream).parts("x" * 500, (" [bold]", "bold"), " y")
    assert stream.getvalue() == f"{'x' * 500} [bold] y\n"


def test_tables_on_a_terminal_fit_it(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    Printer(stream).table(("ID", "WHY"), [("crm:7", ("[red] " + "why " * 30, "red"))])
    said = stream.getvalue()
    assert "[red]" in said
    assert said.count("\n") > 3


def test_windows_are_half_open_and_in_the_sources_zone():
    zone = ZoneInfo("America/New_York")
    window = window_of("2026-01-31", "2026-02-01T12:30+00:00", zone)
    assert window.since == datetime(2026, 1, 31, tzinfo=zone)
    assert window.until == datetime(2026, 2, 1, 12, 30, tzinfo=UTC)
    assert window_of(None, None, zone).since is None


@pytest.mark.parametrize(
    ("since", "until"), [("31/01/2026", None), ("2026-02-30", None), ("2026-02-01", "2026-01-01")]
)
def test_windows_that_are_none_are_refused(since, until):
    with pytest.raises(Refused, match="--"):
        window_of(since, until, UTC)


@pytest.mark.parametrize("text", ["crm:\x1b[2J7", "crm:7\nendpoint default: up", "crm:\r7"])
def test_a_key_can_neither_move_the_cursor_nor_fake_a_line(text):
    stream = io.StringIO()
    printer = Printer(stream)
    printer.line(text)
    printer.parts((text, "bold"))
    printer.table(("ID",), [(text,)])
    assert stream.getvalue().count("\n") == 4
    assert not set("\x1b\r") & set(stream.getvalue())


@pytest.mark.parametrize(
    "value", [2**70, "half \ud83d", float("1e300"), b"bytes", datetime(2026, 1, 1, tzinfo=UTC)]
)
def test_any_value_of_a_record_fits_into_a_document(value, capfd):
    write_json({"value": value})
    assert set(json.loads(capfd.readouterr().out)) == {"value"}
