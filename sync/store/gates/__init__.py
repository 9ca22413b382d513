"""What a version of a lead must pass in the transaction that claims it, before it is marked as sending."""

from sync.store.gates.dedupe import Deduping
from sync.store.gates.gates import Gates, Listed, Sifted
from sync.store.gates.turning_away import TurnedAway

__all__ = ["Deduping", "Gates", "Listed", "Sifted", "TurnedAway"]
