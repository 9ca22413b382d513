"""What is seen to before anything is read or sent: that all is what it was when the ledger was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.events import Said
from sync.located_yaml import ConfigError
from sync.runtime.dry_ledger import DryLedger
from sync.runtime.known import read_known
from sync.runtime.polling import ledger_of
from sync.runtime.restoring import hold_if_restored
from sync.runtime.verifying import verify
from sync.store.actions.moving import write_changes
from sync.store.identities import one_at_a_time
from sync.store.ledger import Scope

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from sync.config import Config, SourceConfig
    from sync.runtime.connector import Connector
    from sync.runtime.judging import Judge
    from sync.runtime.verifying import Verdict


async def compared(connector: Connector, config: Config | None = None) -> Verdict:
    """Compare a configuration with the ledger, and write nothing.

    Raises:
        ConfigError: with every source and endpoint that is not what it was.
        StoreError: when the store can't be used.

    """
    config, now = config or connector.config, connector.store.clock()
    return await connector.store.read(lambda connection: _verdict(connection, config, now))


def _verdict(connection: Connection, config: Config, now: float) -> Verdict:
    verdict = verify(config, read_known(connection, config), now)
    if verdict.problems:
        raise ConfigError(verdict.problems)
    return verdict


async def prepare(connector: Connector) -> None:
    """Compare the configuration with the ledger, and let the ledger follow what it says was renamed.

    Raises:
        ConfigError: with every source and endpoint that is not what it was; nothing was written.
        InUse: when another process works on what was renamed; nothing was written.
        StoreError: when the store can't be used.

    """
    store = connector.store

    def write(connection: Connection) -> dict[tuple[Scope, Scope], int]:
        # Compared where it is written: another process may have followed the same change a moment ago.
        one_at_a_time(connection)
        changes = _verdict(connection, connector.config, store.clock()).changes
        return write_changes(connection, store.leases, changes, store.clock())

    for (was, kept), count in (await store.write(write)).items():
        connector.tell(Said(_held_back(was.source, kept.source, count), was.source, warning=True))
    await hold_if_restored(connector)


def _held_back(source: str, kept: str, count: int) -> str:
    leads = "lead that was" if count == 1 else "leads that were"
    return (
        f"{source} begins anew: {count} {leads} waiting to be sent are held as {kept}; "
        f"`leadrelay leads --source {kept}` lists them, `approve` sends them, `discard` puts them away"
    )


async def dry_ledger_of(connector: Connector, source: SourceConfig, judge: Judge | None = None) -> DryLedger:
    """Return the ledger of a source as it would be once the configuration was followed.

    Args:
        connector: with the store.
        source: whose ledger.
        judge: what looks at each decision, None for nobody.

    Raises:
        ConfigError: with every source and endpoint that is not what it was.
        StoreError: when the store can't be used.

    """
    scope = (await compared(connector)).scope_now(Scope(source.endpoint, source.name))
    return DryLedger(connector.store, ledger_of(connector, source, scope), source, judge)
