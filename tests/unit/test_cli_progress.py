"""What is seen of a run while it goes on."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from sync.cli.frame.printing import console_on
from sync.cli.progress import Progress
from sync.events import (
    Counts,
    EndpointDown,
    EndpointUp,
    LeadSetAside,
    PageStaged,
    Recovered,
    RunFinished,
    RunStarted,
    Said,
    Settled,
)

COUNTS = Counts(polled=1200, new=3, changed=1, unchanged=1196, staged=4)


def shown(*events, moments=(), log=False):
    """Return the lines that these events make where there is no terminal."""
    stream = io.StringIO()
    times = iter(moments)
    with Progress(console_on(stream), log=log, clock=lambda: next(times, 0.0)) as progress:
        for event in events:
            progress(event)
    return stream.getvalue().splitlines()


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (RunStarted("crm", "sync"), "crm: sync begins"),
        (RunFinished("crm", "sync", COUNTS), "crm: 1,200 read, 3 new, 1 changed, 1,196 unchanged"),
        (RunFinished("crm", "sync", COUNTS, "no route"), "crm: stopped: no route"),
        (EndpointDown("default", "503", 12.4), "default is down: 503; tried again in 12 s"),
        (EndpointDown("default", "401: wrong key", None, True), "default is halted: 401: wrong key"),
        (EndpointUp("default"), "default takes leads again"),
        (LeadSetAside("default", "crm", "7", "rejected", "422: /email"), "crm:7 rejected: 422: /email"),
        (Said("2 rows have no updated_at", "crm"), "crm: 2 rows have no updated_at"),
        (Said("the configuration was read again"), "the configuration was read again"),
    ],
)
def test_each_event_is_a_line(event, line):
    assert shown(event) == [line]


def test_recovered_leads_are_counted():
    assert shown(Recovered("default", 2)) == [
        "default: 2 leads in the air when an earlier process ended: outcome unknown"
    ]


def test_a_held_run_says_what_to_do():
    lines = shown(RunFinished("crm", "sync", COUNTS, None, "4 leads would be sent, and max_sends is 2/h"))
    assert "leadrelay approve" in lines[1]


def test_pages_are_told_of_now_and_then():
    page = PageStaged("crm", Counts(polled=500))
    assert shown(page, page, page, moments=[0.0, 5.0, 11.0]) == ["crm: 500 read so far"]


def test_notes_of_a_page_are_told_at_once():
    assert shown(PageStaged("crm", Counts(), ("3 rows have no updated_at",))) == [
        "crm: 3 rows have no updated_at"
    ]


def test_what_was_sent_is_summed_up_now_and_then():
    events = [Settled("default", 10, 0, 0, 0), Settled("default", 5, 1, 0, 0), Settled("default", 5, 0, 2, 0)]
    assert shown(*events, moments=[0.0, 5.0, 11.0]) == [
        "default: 20 leads accepted, 1 rejected, 2 unknown so far"
    ]


def test_a_thousand_poison_leads_are_not_a_thousand_lines():
    lines = shown(*(LeadSetAside("default", "crm", str(n), "rejected", "422") for n in range(1000)))
    assert len(lines) == 20
    assert lines[-1].endswith("further ones are only counted, see `leadrelay leads`")


def test_quiet_is_nothing_at_all():
    with Progress(None) as progress:
        progress(RunFinished("crm", "sync", COUNTS, "no route"))


def test_a_run_without_an_end_tells_only_what_is_new():
    quiet = Counts(polled=10, unchanged=10)
    lines = shown(
        RunStarted("crm", "sync"),
        RunFinished("crm", "sync", quiet),
        RunFinished("crm", "sync", COUNTS),
        log=True,
    )
    assert len(lines) == 1
    assert lines[0].endswith("crm: 1,200 read, 3 new, 1 changed, 1,196 unchanged")
    assert lines[0][:2] == "20"


def test_a_terminal_has_a_row_for_each_source_and_endpoint():
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=100, color_system=None, legacy_windows=False)
    with Progress(console) as progress:
        progress(RunStarted("crm", "sync"))
        progress(PageStaged("crm", COUNTS))
        progress(Settled("default", 1, 1, 0, 0))
        progress(LeadSetAside("default", "crm", "7", "rejected", "422"))
        progress(RunFinished("crm", "sync", COUNTS))
    said = stream.getvalue()
    assert "to default 1 lead accepted, 1 rejected of 4" in " ".join(said.split())
    assert "crm:7 rejected: 422" in said


def test_a_run_without_an_end_tells_at_once_what_is_sent():
    events = [Settled("default", 1, 0, 0, 0), Settled("default", 1, 0, 0, 0), Settled("default", 1, 0, 0, 0)]
    lines = shown(*events, moments=[0.0, 5.0, 11.0], log=True)
    assert [line.partition("  ")[2] for line in lines] == [
        "default: 1 lead accepted so far",
        "default: 3 leads accepted so far",
    ]
