from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.sandbox.faults import Action, ArmedFault, Fault, FaultError, faults_of, strike


def armed(*texts):
    return [ArmedFault(each) for each in faults_of(list(texts))]


def struck(faults, *requests):
    return [[each.action.value for each in strike(faults, *(request or ("", "d")))] for request in requests]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("status=503", Fault(action=Action.STATUS, status=503)),
        (
            "status=429 retry_after=5 times=2 body=html",
            Fault(action=Action.STATUS, status=429, retry_after="5", times=2, body="html"),
        ),
        ("reset when=after lead=7", Fault(action=Action.RESET, when="after", lead="7")),
        ("delay=0.5 nth=3", Fault(action=Action.DELAY, seconds=0.5, nth=3)),
        ('errors="not today"', Fault(action=Action.ERRORS, message="not today")),
        ("truncate", Fault(action=Action.TRUNCATE, when="after")),
        ("truncate when=before", Fault(action=Action.TRUNCATE, when="before")),
        ("hang probability=.25 seed=3", Fault(action=Action.HANG, probability=0.25, seed=3)),
    ],
)
def test_a_fault_is_read_from_text_and_back(text, fault):
    assert Fault.read(text) == fault
    assert Fault.read(str(fault)) == fault


FAULTS = st.builds(
    Fault,
    action=st.sampled_from(Action),
    when=st.sampled_from(["before", "after"]),
    nth=st.integers(1, 9),
    times=st.none() | st.integers(1, 9),
    probability=st.floats(0, 1),
    seed=st.integers(0, 9),
    lead=st.none() | st.text(min_size=1),
    status=st.integers(200, 599),
    retry_after=st.none() | st.integers(0, 9) | st.just("date+5"),
    seconds=st.floats(0, 9),
    message=st.text(min_size=1),
)


@given(FAULTS)
def test_any_fault_survives_being_written_and_read(fault):
    # A number and its text are the same header.
    wanted = fault.model_copy(
        update={"retry_after": None if fault.retry_after is None else str(fault.retry_after)}
    )
    assert Fault.read(str(fault)) == wanted


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["staus=503"], 'no fault "staus"'),
        ([""], "expected ACTION"),
        (['status="503'], "expected ACTION"),
        (["reset=5"], 'fault "reset" takes no value'),
        (["status=503 now"], 'NAME=VALUE, found "now"'),
        (["status=99"], "fault 1: status: .*200"),
        (["reset", "status=503 tims=2"], "tims: there is no such setting; the settings are"),
        ([{"action": "reset", "when": "never"}], "fault 1: when: .*before"),
        ([{"action": ["reset"]}], "fault 1: action"),
        ([{}], "fault 1: action"),
        ([5], "fault 1"),
        ({"action": "reset"}, "fault 1: .*list"),
        (["delay=inf"], "fault 1: seconds: .*finite"),
        ([{"action": "status", "retry_after": "5\r\nX: 1"}], "fault 1: retry_after"),
        ([{"action": "status", "retry_after": -1}], "fault 1: retry_after"),
    ],
)
def test_what_is_no_fault_is_said(given, said):
    with pytest.raises(FaultError, match=said):
        faults_of(given)


def test_nth_and_times_strike_a_stretch_of_requests():
    assert struck(armed("reset nth=2 times=2"), *[None] * 5) == [[], ["reset"], ["reset"], [], []]


def test_lead_and_department_choose():
    faults = armed("reset lead=7", "hang department=e")
    assert struck(faults, ("7", "d"), ("8", "d"), ("8", "e"), ("7", "e")) == [
        ["reset"],
        [],
        ["hang"],
        ["reset"],
    ]


def test_the_first_fault_wins_and_delays_add_up():
    faults = armed("delay=1", "status=503 times=1", "delay=2", "reset nth=2")
    assert struck(faults, None, None) == [["delay", "status", "delay"], ["delay", "delay", "reset"]]


def test_a_chance_is_repeated_by_its_seed():
    first, again, other = (
        struck(armed(f"reset probability=0.3 seed={seed}"), *[None] * 300) for seed in (1, 1, 2)
    )
    assert first == again != other
    assert 50 < sum(map(len, first)) < 130


def test_a_fault_counts_what_it_saw_and_struck():
    faults = armed("reset nth=2 lead=7")
    struck(faults, ("7", "d"), ("7", "d"), ("8", "d"))
    data = faults[0].as_data()
    assert (data["seen"], data["struck"], data["text"]) == (2, 1, "reset nth=2 lead=7")
    assert faults_of([data["fault"]]) == [faults[0].fault]
