"""A store with leads to send, in versions that are numbered as the endpoint of the experiments reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources.base import Record
from sync.compare import Decision, Kind
from sync.digest import digest
from sync.lead import Lead
from sync.store import ledger, staging
from tests.delivery_kit import MAPPING, SCOPE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from sync.store.store import Store


def keys_of(count: int) -> list[str]:
    """Return the keys of so many leads."""
    return [str(number) for number in range(1, count + 1)]


def stage_versions(store: Store, keys: Sequence[str], version: int) -> None:
    """Stage a version of each of these leads, as a run does."""

    def write(connection: Connection) -> None:
        known = ledger.known(connection, SCOPE, keys)
        decisions = [_decision(key, version, known.get(key)) for key in keys]
        batch = staging.Batch(SCOPE, decisions, MAPPING)
        staging.stage(connection, batch, store.digest_key, store.clock())

    store.write_now(write)


def _decision(key: str, version: int, known: ledger.Known | None) -> Decision:
    record = Record(key, {"plan": version})
    lead = Lead({"id": key, "phoneNumber": "8045550100"}, {"plan": str(version)})
    return Decision(Kind.SEND, record, known, digest(version), digest([key, version]), lead)
