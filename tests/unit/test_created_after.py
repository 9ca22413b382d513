"""P5: `created_after`: an old customer touched by a bulk job is not a new lead."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.base import Record
from sync.compare import Decision, Kind, Known, Rules, decide
from sync.created import too_old
from sync.digest import CURRENT
from sync.lead import Lead
from sync.states import State
from tests.engine_world import mapping_of

MAPPING = mapping_of("lead: { firstName: name, phoneNumber: phone, createdAt: made }")
EDITED = mapping_of("lead: { firstName: name, phoneNumber: phone, createdAt: made, status: { value: new } }")
LIMIT = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def record(made: datetime | None, name: str = "Ada") -> Record:
    fields = {"name": name, "phone": "(804) 555-0100", "made": made.isoformat() if made else None}
    return Record("7", fields, LIMIT)


def decided(of: Record, known: Known | None = None, limit: datetime | None = LIMIT, **more) -> Decision:
    rules = Rules(more.pop("mapping", MAPPING), {MAPPING.hash: MAPPING}.get, created_after=limit, **more)
    return decide(of, rules.mapping.record_digest(of), known, rules)


def stands(of: Record, state: State, *, accepted: bool = False) -> Known:
    """Return what the ledger knows of a record that came to stand in a state as it is."""
    mark = MAPPING.fingerprint(MAPPING.apply(of))
    digest, taken = MAPPING.record_digest(of), mark if accepted else None
    return Known(1, state, mark, digest, MAPPING.hash, CURRENT, of.changed, taken, 1 if accepted else None)


OLD, NEW, UNDATED = record(LIMIT - DAY), record(LIMIT + DAY), record(None)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), st.booleans())
def test_p5_a_lead_is_sent_that_is_new_enough_or_has_been_accepted(made, accepted):
    of = record(made.replace(microsecond=0))
    known = stands(record(made.replace(microsecond=0), "Bob"), State.ACCEPTED, accepted=True)
    found = decided(of, known if accepted else None)
    if accepted or made.replace(microsecond=0) >= LIMIT:
        assert found.kind is Kind.SEND
    else:
        assert found.kind is Kind.SKIP
        assert "created before created_after" in (found.reason or "")


def test_p5_a_lead_without_createdat_is_not_filtered():
    assert decided(UNDATED).kind is Kind.SEND
    assert too_old(Lead({"firstName": "Ada"}), LIMIT) is None


def test_p5_the_moment_itself_is_new_enough_and_the_second_before_is_not():
    assert decided(record(LIMIT)).kind is Kind.SEND
    assert decided(record(LIMIT - timedelta(seconds=1))).kind is Kind.SKIP


@pytest.mark.parametrize("state", [State.ADOPTED, State.SKIPPED, State.REJECTED, State.HELD, State.PENDING])
def test_p5_a_touched_lead_that_was_never_accepted_is_filtered(state):
    assert decided(record(LIMIT - DAY, "Bob"), stands(OLD, state)).kind is Kind.SKIP


@pytest.mark.parametrize("state", [State.SENDING, State.UNKNOWN])
def test_p5_what_may_have_arrived_goes_on_getting_its_updates(state):
    assert decided(record(LIMIT - DAY, "Bob"), stands(OLD, state)).kind is Kind.SEND


@pytest.mark.parametrize("state", [State.PENDING, State.HELD, State.REJECTED])
@pytest.mark.parametrize("of", [OLD, record(LIMIT - DAY, "Bob")], ids=["as it was", "touched"])
def test_p8_what_was_sent_without_an_answer_is_not_taken_back(of, state):
    known = replace(stands(OLD, state), may_have_arrived=True)
    assert decided(of, known).kind is (Kind.SAME if of is OLD else Kind.SEND)


def test_p5_a_backfill_is_filtered_too():
    assert decided(OLD, stands(OLD, State.ADOPTED), sends_adopted=True).kind is Kind.SKIP


def filtered() -> Known:
    """Return what the ledger knows after a lead was filtered by its age."""
    found = decided(OLD)
    assert found.fingerprint is not None
    return replace(stands(OLD, State.SKIPPED), fingerprint=found.fingerprint)


@pytest.mark.parametrize("limit", [None, LIMIT - 2 * DAY])
def test_p5_a_widened_created_after_adopts_and_sends_nothing(limit):
    assert decided(OLD, filtered(), limit).kind is Kind.ADOPT
    assert decided(record(LIMIT - DAY, "Bob"), filtered(), limit).kind is Kind.SEND, "a change sends"


def test_p5_what_was_filtered_stays_so():
    assert decided(OLD, filtered()).kind is Kind.SAME
    assert decided(OLD, filtered(), mapping=EDITED).kind is Kind.SKIP
    assert decided(OLD, filtered(), None, mapping=EDITED).kind is Kind.ADOPT


@pytest.mark.parametrize("state", [State.PENDING, State.HELD])
def test_p5_a_narrowed_created_after_takes_back_what_waits(state):
    assert decided(OLD, stands(OLD, state)).kind is Kind.SKIP
    assert decided(NEW, stands(NEW, state)).kind is Kind.SAME


@pytest.mark.parametrize("mapping", [MAPPING, EDITED])
def test_p5_what_a_person_put_away_stays_away(mapping):
    assert decided(OLD, stands(OLD, State.DISCARDED), mapping=mapping).kind in (Kind.SAME, Kind.REBASE)


def test_p5_what_was_accepted_is_as_it_was_after_an_edited_mapping():
    known = stands(OLD, State.ACCEPTED, accepted=True)
    assert decided(OLD, known, mapping=EDITED).kind is Kind.REBASE
