"""What the experiments count by finds a program out that breaks a promise. The logs are made up."""

from __future__ import annotations

from collections import Counter

import pytest

from sync.delivery import Policy
from sync.endpoints.base import Outcome
from tests.torture.account import Account, Accounts
from tests.torture.fickle_endpoint import Request, Trouble
from tests.torture.good_endpoint import Sent
from tests.torture.repeats import not_allowed
from tests.torture.seen import Seen, Told

KEY = "a"


def account_of(*log: tuple[str, Trouble], history: str, hold: bool = False, asks: bool = False) -> Account:
    """Return the account of a lead that said this, letter by letter, after these requests."""
    accounts = Accounts(hold=hold)
    for says in history:
        accounts.leads[KEY].writes(says)
    requests = [Request(KEY, says, trouble) for says, trouble in log]
    accounts.read(requests[:-1])
    if asks:
        accounts.ask_again(KEY)
    accounts.read(requests)
    return accounts.leads[KEY]


@pytest.mark.parametrize(
    ("history", "log"),
    [
        ("A", [("A", Trouble.NONE), ("A", Trouble.NONE)]),
        ("A", [("A", Trouble.ANSWER_LOST), ("A", Trouble.NONE), ("A", Trouble.NONE)]),
        ("AB", [("A", Trouble.ANSWER_LOST), ("B", Trouble.NONE), ("B", Trouble.NONE)]),
        ("AB", [("A", Trouble.ANSWER_LOST), ("B", Trouble.NONE), ("A", Trouble.NONE)]),
        ("ABACA", [("A", Trouble.NONE), ("B", Trouble.RESET), ("A", Trouble.NONE), ("A", Trouble.NONE)]),
        ("AB", [("A", Trouble.NONE), ("B", Trouble.RESET), ("A", Trouble.NONE)]),
        ("ABA", [("A", Trouble.NONE), ("A", Trouble.RESET), ("A", Trouble.NONE)]),
    ],
    ids=[
        "without a reason",
        "twice for one lost answer",
        "for the lost answer of another version",
        "an older version after a newer",
        "twice for one doubt",
        "without a record that says so again",
        "for a doubt about itself",
    ],
)
def test_p2_p4_a_request_too_many_is_found(history: str, log: list[tuple[str, Trouble]]) -> None:
    assert account_of(*log, history=history).broken


@pytest.mark.parametrize(
    ("history", "log", "repeated"),
    [
        ("A", [("A", Trouble.ANSWER_LOST), ("A", Trouble.NONE)], 1),
        ("A", [("A", Trouble.ANSWER_LOST), ("A", Trouble.RESET), ("A", Trouble.NONE)], 1),
        ("A", [("A", Trouble.ANSWER_LOST), ("A", Trouble.ANSWER_LOST), ("A", Trouble.NONE)], 2),
        ("AB", [("A", Trouble.ANSWER_LOST), ("B", Trouble.ANSWER_LOST), ("B", Trouble.NONE)], 1),
        ("ABA", [("A", Trouble.NONE), ("B", Trouble.RESET), ("A", Trouble.NONE)], 0),
        ("ABA", [("A", Trouble.NONE), ("B", Trouble.NONE), ("A", Trouble.NONE)], 0),
    ],
)
def test_p8_what_has_a_reason_is_allowed(history: str, log: list[tuple[str, Trouble]], repeated: int) -> None:
    account = account_of(*log, history=history)
    assert account.broken == ""
    assert (account.repeated, account.allowed) == (repeated, repeated)


def test_p3_with_hold_a_person_has_to_ask_first() -> None:
    log = [("A", Trouble.ANSWER_LOST), ("A", Trouble.NONE)]
    assert account_of(*log, history="A", hold=True).broken
    assert account_of(*log, history="A", hold=True, asks=True).broken == ""


def test_p3_what_was_asked_for_one_version_is_not_for_the_next() -> None:
    log = [("A", Trouble.ANSWER_LOST), ("B", Trouble.NONE), ("B", Trouble.NONE)]
    assert account_of(*log, history="AB", hold=True, asks=True).broken


@pytest.mark.parametrize("trouble", [Trouble.HALTS, Trouble.FULL, Trouble.BUSY, Trouble.SLOW, Trouble.RESET])
def test_p1_p7_one_such_answer_is_no_reason_to_reject(trouble: Trouble) -> None:
    account = account_of(("A", trouble), history="A")
    assert not account.may_be_rejected("A", 1, Policy())


def test_p1_a_lead_may_be_rejected_when_it_was_refused_or_tried_often_enough() -> None:
    policy = Policy()
    refused = account_of(("A", Trouble.REJECTS), history="AB")
    assert refused.may_be_rejected("A", 1, policy)
    assert not refused.may_be_rejected("B", 1, policy)
    unclear = account_of(*[("A", Trouble.RESET)] * (policy.max_repeats + 1), history="A")
    assert unclear.may_be_rejected("A", policy.max_repeats + 1, policy)
    put_off = account_of(("A", Trouble.BUSY), history="A")
    assert put_off.may_be_rejected("A", policy.max_tries, policy)


def test_p3_a_repeat_of_what_was_not_in_the_air_is_not_made_good_by_others() -> None:
    in_air = Counter({Sent(str(number), 1): 1 for number in range(100)})
    calm, other = Sent("calm", 1), Sent("7", 2)
    assert not_allowed([*in_air, *in_air], in_air) == []
    assert len(not_allowed([calm, calm, *in_air], in_air)) == 1
    assert len(not_allowed([other, other], in_air)) == 1
    assert len(not_allowed([Sent("7", 1)] * 3, in_air)) == 1


def seen(**clear: int) -> Seen:
    """Return that each of these leads was given an answer with this status."""
    return Seen(clear=Counter(dict.fromkeys(clear.items(), 1)))


@pytest.mark.parametrize("status", [200, 302, 404, 407, 429, 503])
def test_p8_a_clear_answer_that_is_called_unknown_is_found(status: int) -> None:
    network = seen(a=status, b=200)
    network.unclear["b"] += 5
    told = [Told("a", Outcome.UNKNOWN, status), Told("b", Outcome.ACCEPTED, 200)]
    assert len(network.wrongly_unknown([*told, Told("b", Outcome.UNKNOWN, None)])) == 2
    honest = [Told("a", Outcome.LATER, status), told[1], Told("b", Outcome.UNKNOWN, None)]
    assert network.wrongly_unknown(honest) == []


def test_p8_an_unknown_outcome_without_a_fault_is_found() -> None:
    network = Seen(unclear=Counter({"b": 9}), unread=1)
    told = [Told("a", Outcome.UNKNOWN, None)]
    assert network.wrongly_unknown(told) == []
    assert len(network.wrongly_unknown(told * 2)) == 1


def test_p8_a_slow_machine_excuses_a_late_answer_and_none_that_was_read() -> None:
    network = seen(a=503)
    assert network.wrongly_unknown([Told("a", Outcome.UNKNOWN, None)], excused=8) == []
    assert len(network.wrongly_unknown([Told("a", Outcome.UNKNOWN, 503)], excused=8)) == 1


@pytest.mark.parametrize(
    ("history", "customs", "is_broken"),
    [
        ("ABA", ("spring", "summer"), False),
        ("A", ("spring", "summer"), True),
        ("ABA", ("spring", "spring"), True),
    ],
    ids=["changed twice and mapped anew", "only mapped anew", "only changed twice"],
)
def test_p2_p5_a_repeat_is_another_lead_only_by_a_change_and_an_edit_together(
    history: str, customs: tuple[str, str], is_broken: bool
) -> None:
    accounts = Accounts(hold=False)
    for says in history:
        accounts.leads[KEY].writes(says)
    accounts.read([Request(KEY, "A", Trouble.NONE, custom) for custom in customs])
    assert bool(accounts.leads[KEY].broken) is is_broken
