"""What is due and must not be sent: counted, and told."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sync.events import LeadSetAside
from sync.states import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.delivery.report import Delivered
    from sync.events import Events
    from sync.store.gates import TurnedAway


def note_turned_away(turned: Sequence[TurnedAway], endpoint: str, done: Delivered, tell: Events) -> None:
    """Count versions that were turned away when they were to be claimed, and tell of each."""
    by_state = Counter(each.state for each in turned)
    done.discarded += by_state[State.DISCARDED]
    done.held += by_state[State.HELD]
    for each in turned:
        tell(LeadSetAside(endpoint, each.source, each.key, each.state.value, each.reason))
