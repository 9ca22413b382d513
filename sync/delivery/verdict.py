"""What becomes of a version after one receipt. No I/O, no clock of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.endpoints.base import Outcome
from sync.states import Lane, State
from sync.store.settling import Settlement

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.delivery.policy import Policy
    from sync.endpoints.base import Receipt
    from sync.store.outbox import Claimed

_TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, slots=True)
class Standing:
    """What a verdict depends on besides the version and its receipt."""

    now: float
    #: Whether others were accepted since this version failed for the first time.
    others_pass: bool
    #: Returns a number in 0..1; spreads the tries of many leads.
    jitter: Callable[[], float]


def verdict(claimed: Claimed, receipt: Receipt, policy: Policy, standing: Standing) -> Settlement:
    """Return what is to become of a claimed version."""
    if receipt.outcome is Outcome.ACCEPTED:
        return _settled(claimed, receipt, State.ACCEPTED)
    if receipt.outcome is Outcome.REJECTED:
        return _settled(claimed, receipt, State.REJECTED)
    if receipt.outcome is Outcome.UNKNOWN:
        return _after_unknown(claimed, receipt, policy, standing)
    if receipt.outcome is Outcome.LATER and _is_about_the_lead(receipt):
        return _after_put_off(claimed, receipt, policy, standing)
    return _again(claimed, receipt, standing.now, claimed.lane, claimed.repeats)


def _is_about_the_lead(receipt: Receipt) -> bool:
    """Tell whether putting it off may be about this lead: a full queue and a dead line never are."""
    return receipt.status not in (None, _TOO_MANY_REQUESTS) and receipt.retry_after is None


def _after_put_off(claimed: Claimed, receipt: Receipt, policy: Policy, standing: Standing) -> Settlement:
    if claimed.tries >= policy.max_tries and standing.others_pass:
        return _given_up(claimed, receipt, f"put off {claimed.tries} times while others passed")
    return _again(
        claimed, receipt, _due(claimed.tries, policy, standing), _later(claimed.lane), claimed.repeats
    )


def _after_unknown(claimed: Claimed, receipt: Receipt, policy: Policy, standing: Standing) -> Settlement:
    if policy.unknown_outcome == "hold":
        return _settled(claimed, receipt, State.UNKNOWN)
    if claimed.repeats < policy.max_repeats:
        due = _due(claimed.repeats + 1, policy, standing)
        return _again(claimed, receipt, due, _later(claimed.lane), claimed.repeats + 1)
    if standing.others_pass:
        return _given_up(
            claimed, receipt, f"no clear answer in {claimed.repeats + 1} tries while others passed"
        )
    return _settled(claimed, receipt, State.UNKNOWN)


def _settled(claimed: Claimed, receipt: Receipt, state: State, detail: str | None = None) -> Settlement:
    return Settlement(
        claimed.version_id,
        claimed.lead_id,
        state,
        receipt.outcome.value,
        receipt.detail if detail is None else detail,
        receipt.status,
        receipt.seconds,
        lane=claimed.lane,
        repeats=claimed.repeats,
    )


def _given_up(claimed: Claimed, receipt: Receipt, why: str) -> Settlement:
    return _settled(claimed, receipt, State.REJECTED, f"{why}; last: {receipt.detail}")


def _again(claimed: Claimed, receipt: Receipt, due: float, lane: Lane, repeats: int) -> Settlement:
    return Settlement(
        claimed.version_id,
        claimed.lead_id,
        State.PENDING,
        receipt.outcome.value,
        receipt.detail,
        receipt.status,
        receipt.seconds,
        due_at=due,
        lane=lane,
        repeats=repeats,
    )


def _later(lane: Lane) -> Lane:
    """Let what is fresh go first; a backfill keeps its own lane and its own rate."""
    return lane if lane is Lane.BACKFILL else Lane.RETRY


def _due(failures: int, policy: Policy, standing: Standing) -> float:
    delay = min(policy.longest_delay, policy.first_delay * 2.0 ** (failures - 1))
    return standing.now + delay * (0.5 + standing.jitter() / 2)
