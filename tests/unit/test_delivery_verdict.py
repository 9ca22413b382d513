"""What becomes of a version after one receipt."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.delivery.policy import Policy
from sync.delivery.verdict import Standing, verdict
from sync.endpoints.base import Outcome, Receipt
from sync.lead import Lead
from sync.states import Lane, State
from sync.store.outbox import Claimed
from tests.delivery_kit import ACCEPTED, BUSY, NO_ANSWER, NO_LINE, REFUSED, REJECTED, THROTTLED

NOW = 1_000_000.0
CLAIMED = Claimed(7, 3, "crm", "1", Lead({"phoneNumber": "8045550100"}), Lane.LIVE, None, tries=1, repeats=0)


def judged(
    receipt: Receipt, claimed: Claimed = CLAIMED, policy: Policy | None = None, *, others: bool = False
) -> object:
    return verdict(claimed, receipt, policy or Policy(), Standing(NOW, others, lambda: 0.5))


@pytest.mark.parametrize(
    ("receipt", "state"),
    [
        (ACCEPTED, State.ACCEPTED),
        (REJECTED, State.REJECTED),
        (REFUSED, State.PENDING),
        (THROTTLED, State.PENDING),
        (BUSY, State.PENDING),
        (NO_LINE, State.PENDING),
        (NO_ANSWER, State.PENDING),
    ],
)
def test_each_outcome_has_its_state(receipt: Receipt, state: State) -> None:
    assert judged(receipt).state is state


def test_p8_hold_leaves_an_unknown_outcome_to_a_person() -> None:
    assert judged(NO_ANSWER, policy=Policy(unknown_outcome="hold")).state is State.UNKNOWN


@pytest.mark.parametrize("receipt", [REFUSED, THROTTLED, NO_LINE], ids=["refused", "429", "no line"])
def test_what_is_not_about_the_lead_leaves_it_where_it_was(receipt: Receipt) -> None:
    for tries in (1, 100):
        found = judged(receipt, replace(CLAIMED, tries=tries), others=True)
        assert (found.state, found.due_at, found.lane, found.repeats) == (State.PENDING, NOW, Lane.LIVE, 0)


def test_a_backfilled_lead_that_is_tried_again_keeps_its_lane() -> None:
    assert judged(NO_ANSWER, replace(CLAIMED, lane=Lane.BACKFILL)).lane is Lane.BACKFILL
    assert judged(NO_ANSWER).lane is Lane.RETRY


outcomes = st.sampled_from([NO_ANSWER, BUSY, THROTTLED, NO_LINE, REFUSED])


@given(st.lists(outcomes, max_size=60), st.booleans(), st.integers(1, 5))
def test_p8_a_lead_is_never_repeated_after_an_unknown_outcome_more_often_than_stated(
    receipts: list[Receipt], others: bool, most: int
) -> None:
    claimed, unknown, policy = CLAIMED, 0, Policy(max_repeats=most)
    for receipt in receipts:
        unknown += receipt.outcome is Outcome.UNKNOWN
        found = judged(receipt, claimed, policy, others=others)
        if found.state is not State.PENDING:
            break
        claimed = replace(claimed, tries=claimed.tries + 1, repeats=found.repeats, lane=found.lane)
    assert unknown <= most + 1
