"""Who accounts for a record, for each of the states its lead may stand in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sources.base import Record
from sources.position import Position
from sync.accounts import UNACCOUNTED, Account, Polls, account_of, account_of_item
from sync.compare import Decision, Kind, Known
from sync.states import State
from tests.scripted_source import at

NOW = Record("7", {}, at(100))
LATE = replace(NOW, changed=at(10))
UNDATED = replace(NOW, changed=None)
POLLS = Polls(Position(at(50)))


def known(state: State) -> Known:
    return Known(1, state, b"mark", b"digest", "mapping", 1, at(100), None)


@pytest.mark.parametrize("state", [state for state in State if state is not State.SUPERSEDED])
@pytest.mark.parametrize("kind", [Kind.SAME, Kind.TOUCH, Kind.REBASE, Kind.STALE])
def test_p1_what_has_not_changed_is_accounted_for_by_its_state(state, kind):
    assert account_of(Decision(kind, LATE, known(state)), POLLS) == state.value


@pytest.mark.parametrize("kind", [Kind.SEND, Kind.SET_ASIDE])
@pytest.mark.parametrize("state", [State.ACCEPTED, State.PENDING, State.ADOPTED])
def test_p1_what_has_changed_is_read_by_the_next_poll_or_lies_behind_the_position(state, kind):
    assert account_of(Decision(kind, NOW, known(state)), POLLS) is Account.NOT_POLLED
    assert account_of(Decision(kind, LATE, known(state)), POLLS) is Account.OLDER_CONTENT


@pytest.mark.parametrize("kind", [Kind.SEND, Kind.SET_ASIDE])
def test_p1_what_is_not_known_is_read_by_the_next_poll_or_was_never_seen(kind):
    assert account_of(Decision(kind, NOW, None), POLLS) is Account.NOT_POLLED
    assert account_of(Decision(kind, LATE, None), POLLS) is Account.NEVER_SEEN


def test_p1_a_version_that_nothing_takes_the_place_of_is_accounted_for_by_nobody():
    assert account_of(Decision(Kind.SAME, LATE, known(State.SUPERSEDED)), POLLS) in UNACCOUNTED


def test_what_the_first_sync_leaves_out_is_so_only_behind_the_position():
    assert account_of(Decision(Kind.ADOPT, LATE, None), POLLS) is Account.BEFORE_FIRST_SYNC
    assert account_of(Decision(Kind.ADOPT, NOW, None), POLLS) is Account.NOT_POLLED


def test_what_the_endpoint_has_again_is_accepted():
    assert account_of(Decision(Kind.REVERT, LATE, known(State.PENDING)), POLLS) is Account.ACCEPTED


def test_what_is_filtered_is_skipped_unless_an_older_content_is_still_to_go():
    assert account_of(Decision(Kind.SKIP, LATE, None), POLLS) is Account.SKIPPED
    assert account_of(Decision(Kind.SKIP, LATE, known(State.ACCEPTED)), POLLS) is Account.SKIPPED
    assert account_of(Decision(Kind.SKIP, LATE, known(State.HELD)), POLLS) is Account.HELD


def test_a_widened_filter_leaves_it_skipped_until_it_is_read():
    assert account_of(Decision(Kind.ADOPT, LATE, known(State.SKIPPED)), POLLS) is Account.SKIPPED


@pytest.mark.parametrize(
    ("polls", "reads"),
    [
        (Polls(), True),
        (Polls(Position(token="revision"), has_news=False), False),
        (Polls(Position(token="revision"), has_news=True), True),
        (Polls(Position(at(10), token="versions"), has_news=False), False),
        (Polls(Position(at(10))), True),
        (Polls(Position(at(10) + timedelta(microseconds=1))), False),
        (Polls(Position(7)), True),
    ],
)
def test_what_a_poll_will_read(polls, reads):
    assert polls.will_read(LATE) is reads


def test_a_record_without_a_time_is_read_in_every_poll_by_position():
    assert POLLS.will_read(UNDATED)


def test_an_item_without_a_key_is_invalid_where_the_ledger_or_its_reason_says_so():
    item = Decision(Kind.SET_ASIDE, UNDATED, None, reason="it has no key")
    assert account_of_item(item, POLLS) is Account.INVALID
    assert account_of_item(item, Polls()) is Account.NOT_POLLED
    assert account_of_item(Decision(Kind.SAME, UNDATED, known(State.DISCARDED)), POLLS) is Account.DISCARDED
    assert account_of_item(replace(item, known=known(State.INVALID)), POLLS) is Account.INVALID
