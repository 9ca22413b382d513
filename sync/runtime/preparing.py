"""What is seen to before anything is read or sent: that all is what it was when the ledger was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.located_yaml import ConfigError
from sync.runtime.dry_ledger import DryLedger
from sync.runtime.known import read_known
from sync.runtime.polling import ledger_of
from sync.runtime.restoring import hold_if_restored
from sync.runtime.verifying import verify
from sync.store.actions.moving import write_changes
from sync.store.ledger import Scope

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from sync.config import Config, SourceConfig
    from sync.runtime.connector import Connector
    from sync.runtime.verifying import Verdict


async def compared(connector: Connector, config: Config | None = None) -> Verdict:
    """Compare a configuration with the ledger, and write nothing.

    Raises:
        ConfigError: with every source and endpoint that is not what it was.
        StoreError: when the store can't be used.

    """
    config, now = config or connector.config, connector.store.clock()

    def read(connection: Connection) -> Verdict:
        return verify(config, read_known(connection, config), now)

    verdict = await connector.store.read(read)
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
    changes = (await compared(connector)).changes
    store = connector.store
    await store.write(lambda connection: write_changes(connection, store.leases, changes, store.clock()))
    await hold_if_restored(connector)


async def dry_ledger_of(connector: Connector, source: SourceConfig) -> DryLedger:
    """Return the ledger of a source as it would be once the configuration was followed.

    Raises:
        ConfigError: with every source and endpoint that is not what it was.
        StoreError: when the store can't be used.

    """
    scope = (await compared(connector)).scope_now(Scope(source.endpoint, source.name))
    return DryLedger(connector.store, ledger_of(connector, source, scope), source)
