"""What is decided about one record, for every state its newest version may stand in."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from sources.base import Record
from sync.compare import Decision, Kind, Known, Rules, decide, set_aside
from sync.digest import CURRENT, digest
from sync.lead import Invalid, Lead, Problem, Skip
from sync.states import State

NEWEST_IN_A_VERSION = [
    State.PENDING,
    State.HELD,
    State.SENDING,
    State.UNKNOWN,
    State.ACCEPTED,
    State.REJECTED,
    State.DISCARDED,
]


@dataclass(frozen=True)
class Prefixing:
    """A mapping that puts its prefix before the text; ``skip`` is filtered, ``bad`` is invalid."""

    prefix: str = ""
    skips: str = "skip"

    @property
    def hash(self) -> str:
        return f"{self.prefix}/{self.skips}"

    @property
    def reads(self) -> frozenset[str]:
        return frozenset({"text", "noise"})

    def apply(self, record: Record) -> Lead | Skip | Invalid:
        text = record.fields["text"]
        if text == self.skips:
            return Skip("where")
        if text == "bad":
            return Invalid((Problem("", "bad", ""),))
        return Lead({"id": record.key, "firstName": self.prefix + text})

    def record_digest(self, record: Record, version: int = CURRENT) -> bytes:
        return digest([record.fields["text"], record.fields.get("noise")], version)

    def fingerprint(self, lead: Lead, version: int = CURRENT) -> bytes:
        return digest(dict(lead.standard), version)


OLD, NEW = Prefixing("old "), Prefixing("new ")


def _record(text: str, changed: int | None = 5, **more: str) -> Record:
    return Record("7", {"text": text, **more}, changed)


def _known(
    text: str, state: State, by: Prefixing = NEW, accepted: str | None = None, changed: int = 5
) -> Known:
    """Return what the ledger knows after a record with this text."""
    record = _record(text, changed)
    outcome, before = by.apply(record), by.apply(_record(accepted or "x"))
    mark = by.fingerprint(outcome) if isinstance(outcome, Lead) else None
    assert isinstance(before, Lead)
    has = by.fingerprint(before) if accepted else None
    return Known(1, state, mark, by.record_digest(record), by.hash, CURRENT, changed, has, 1, by.hash)


def _decide(record: Record, known: Known | None, rules: Rules | None = None) -> Decision:
    rules = rules or Rules(NEW, {OLD.hash: OLD, NEW.hash: NEW}.get)
    return decide(record, rules.mapping.record_digest(record), known, rules)


@pytest.mark.parametrize(("text", "kind"), [("a", Kind.SEND), ("skip", Kind.SKIP), ("bad", Kind.SET_ASIDE)])
def test_what_is_seen_for_the_first_time(text: str, kind: Kind) -> None:
    assert _decide(_record(text), None).kind is kind


@pytest.mark.parametrize(("text", "kind"), [("a", Kind.ADOPT), ("skip", Kind.SKIP), ("bad", Kind.ADOPT)])
def test_p5_what_is_seen_for_the_first_time_in_a_first_sync_that_adopts(text: str, kind: Kind) -> None:
    rules = Rules(NEW, lambda _hash: None, adopts=lambda _record, _outcome: True)
    assert _decide(_record(text), None, rules).kind is kind


@pytest.mark.parametrize("state", [*NEWEST_IN_A_VERSION, State.ADOPTED])
@pytest.mark.parametrize(
    ("record", "kind"),
    [
        (_record("a"), Kind.SAME),
        (_record("a", None), Kind.SAME),
        (_record("a", 6), Kind.TOUCH),
        (_record("a", 4), Kind.SAME),
        (_record("a", noise="x"), Kind.REBASE),
        (_record("b", 6), Kind.SEND),
        (_record("b", 5), Kind.SEND),
        (_record("b", 4), Kind.STALE),
        (_record("b", None), Kind.SEND),
        (_record("skip", 6), Kind.SKIP),
        (_record("bad", 6), Kind.SET_ASIDE),
    ],
)
def test_p2_p4_against_the_newest_version_in_whatever_state(state: State, record: Record, kind: Kind) -> None:
    assert _decide(record, _known("a", state)).kind is kind


@pytest.mark.parametrize("state", [each for each in NEWEST_IN_A_VERSION if each is not State.ACCEPTED])
def test_p2_back_to_what_was_accepted(state: State) -> None:
    assert _decide(_record("a", 6), _known("b", state, accepted="a")).kind is Kind.REVERT
    assert _decide(_record("c", 6), _known("b", state, accepted="a")).kind is Kind.SEND


def test_p2_back_to_what_was_accepted_after_it_was_skipped_or_invalid() -> None:
    assert _decide(_record("a", 6), _known("skip", State.SKIPPED, accepted="a")).kind is Kind.REVERT
    assert _decide(_record("a", 6), _known("bad", State.INVALID, accepted="a")).kind is Kind.REVERT


def test_what_was_skipped_or_invalid_and_is_not_any_more_is_sent() -> None:
    assert _decide(_record("a", 6), _known("skip", State.SKIPPED)).kind is Kind.SEND
    assert _decide(_record("a", 6), _known("bad", State.INVALID)).kind is Kind.SEND


@pytest.mark.parametrize("state", [*NEWEST_IN_A_VERSION, State.ADOPTED])
def test_p5_an_edited_mapping_rebases_what_is_unchanged(state: State) -> None:
    found = _decide(_record("a", 9), _known("a", state, OLD))
    assert found.kind is Kind.REBASE
    assert found.fingerprint == NEW.fingerprint(Lead({"id": "7", "firstName": "new a"}))
    assert _decide(_record("a", 9, noise="touched"), _known("a", state, OLD)).kind is Kind.REBASE
    assert _decide(_record("b", 9), _known("a", state, OLD)).kind is Kind.SEND
    assert _decide(_record("b", 4), _known("a", state, OLD)).kind is Kind.STALE


@pytest.mark.parametrize(
    ("text", "state", "mapping", "kind"),
    [
        ("skip", State.SKIPPED, Prefixing("new ", "other"), Kind.ADOPT),
        ("skip", State.SKIPPED, Prefixing("new ", "skip"), Kind.SKIP),
        ("a", State.PENDING, Prefixing("new ", "a"), Kind.SKIP),
        ("a", State.ACCEPTED, Prefixing("new ", "a"), Kind.SKIP),
        ("bad", State.ADOPTED, Prefixing("new "), Kind.REBASE),
    ],
    ids=["widened", "as wide", "narrowed while it waits", "narrowed after it went", "still no lead"],
)
def test_p5_an_edited_where_sends_nothing(text: str, state: State, mapping: Prefixing, kind: Kind) -> None:
    rules = Rules(mapping, {OLD.hash: OLD}.get)
    assert _decide(_record(text), _known(text, state, OLD), rules).kind is kind


def test_p2_back_to_what_an_older_mapping_had_accepted() -> None:
    assert _decide(_record("a", 6), _known("b", State.PENDING, OLD, accepted="a")).kind is Kind.REVERT


def test_p5_a_mapping_that_can_t_be_read_any_more_sends_nothing() -> None:
    rules = Rules(NEW, lambda _hash: None)
    assert _decide(_record("b", 9), _known("a", State.ACCEPTED, OLD), rules).kind is Kind.REBASE


def test_p5_another_encoding_of_digests_sends_nothing() -> None:
    known = replace(_known("a", State.ACCEPTED), encoding=CURRENT + 1, record_digest=b"?", fingerprint=b"?")
    assert _decide(_record("a"), known).kind is Kind.REBASE


def test_what_was_invalid_is_mapped_again_after_an_edit() -> None:
    assert _decide(_record("bad"), _known("bad", State.INVALID)).kind is Kind.SAME
    assert _decide(_record("bad"), _known("bad", State.INVALID, OLD)).kind is Kind.SET_ASIDE


def test_a_backfill_sends_what_was_adopted_but_not_what_is_accepted() -> None:
    rules = Rules(NEW, {OLD.hash: OLD}.get, sends_adopted=True)
    assert _decide(_record("a"), _known("a", State.ADOPTED), rules).kind is Kind.SEND
    assert _decide(_record("a"), _known("a", State.ADOPTED, OLD), rules).kind is Kind.SEND
    assert _decide(_record("a"), _known("a", State.ADOPTED, accepted="a"), rules).kind is Kind.REVERT
    assert _decide(_record("a"), _known("a", State.ADOPTED, OLD, accepted="a"), rules).kind is Kind.REVERT
    assert _decide(_record("b", 4), _known("a", State.ADOPTED), rules).kind is Kind.STALE
    assert _decide(_record("a"), _known("a", State.ACCEPTED), rules).kind is Kind.SAME
    assert _decide(_record("a"), _known("a", State.DISCARDED), rules).kind is Kind.SAME


@pytest.mark.parametrize(
    ("state", "content", "kind"),
    [
        (None, b"a", Kind.SET_ASIDE),
        (State.INVALID, b"a", Kind.SAME),
        (State.INVALID, b"b", Kind.SET_ASIDE),
        (State.DISCARDED, b"a", Kind.SAME),
        (State.DISCARDED, b"b", Kind.SET_ASIDE),
        (State.SUPERSEDED, b"a", Kind.SET_ASIDE),
    ],
)
def test_items_that_are_set_aside(state: State | None, content: bytes, kind: Kind) -> None:
    known = Known(1, state, None, b"a", "", CURRENT, None, None) if state else None
    assert set_aside(_record("a"), content, "twice", known).kind is kind


@pytest.mark.parametrize(("by", "text", "edited"), [(OLD, "a", True), (NEW, "a", False), (OLD, "b", False)])
def test_it_is_told_when_the_mapping_alone_has_changed(by: Prefixing, text: str, edited: bool) -> None:
    assert _decide(_record(text, 6), _known("a", State.ACCEPTED, by)).edited is edited


@pytest.mark.parametrize(("accepted", "kind"), [(None, Kind.SEND), ("skip", Kind.REVERT)])
def test_p2_a_backfill_sends_what_a_widened_where_lets_in_unless_it_is_there(
    accepted: str | None, kind: Kind
) -> None:
    narrow, wide = Prefixing("old "), Prefixing("old ", skips="never")
    known = _known("skip", State.SKIPPED, narrow)
    if accepted:
        has = wide.fingerprint(Lead({"id": "7", "firstName": "old skip"}))
        known = replace(known, accepted=has, accepted_mapping=wide.hash)
    rules = Rules(wide, {narrow.hash: narrow}.get)
    assert _decide(_record("skip"), known, rules).kind is Kind.ADOPT
    assert _decide(_record("skip"), known, replace(rules, sends_adopted=True)).kind is kind
