"""What the ledger says sources and endpoints were, beside what the configuration says they are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sync.runtime.identity import endpoint_facts, first_sync_of, source_facts
from sync.store.identities import Identity, read_identities, sent_to, source_scope, with_leads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from sync.config import Config
    from sync.store.identities import Facts

_SOURCE, _ENDPOINT = "source:", "endpoint:"


@dataclass(frozen=True, slots=True)
class Known:
    """Both sides of the comparison, by name."""

    #: What the ledger says; only sources that have leads in it, and endpoints that they were sent to.
    sources: Mapping[str, Identity]
    endpoints: Mapping[str, Identity]
    #: What the configuration says.
    sources_now: Mapping[str, Identity]
    endpoints_now: Mapping[str, Identity]
    #: Sources that were looked at before and have no lead yet.
    without_leads: Mapping[str, Identity] = field(default_factory=dict)

    def gone_sources(self) -> dict[str, Identity]:
        """Return the sources of the ledger that the configuration does not name."""
        return {name: was for name, was in self.sources.items() if name not in self.sources_now}

    def gone_endpoints(self) -> dict[str, Identity]:
        """Return the endpoints of the ledger that the configuration does not name."""
        return {name: was for name, was in self.endpoints.items() if name not in self.endpoints_now}

    def fed(self, endpoint: str) -> list[str]:
        """Return the sources whose leads went to an endpoint, as the ledger says."""
        return [name for name, was in self.sources.items() if was.facts["endpoint"] == endpoint]

    def under(self, renamed: Mapping[str, str]) -> Known:
        """Return the same with endpoints of the ledger called by their new names."""
        moved = {name: _with_endpoint(was, renamed) for name, was in self.sources.items()}
        return replace(self, sources=moved)


def read_known(connection: Connection, config: Config) -> Known:
    """Read what the ledger says; a source that it says nothing about is taken for what it is now."""
    found = read_identities(connection)
    now = {name: _source_now(config, name) for name in config.sources}
    was = {name: found.get(source_scope(name), now[name]) for name in now}
    was |= {scope.removeprefix(_SOURCE): each for scope, each in found.items() if scope.startswith(_SOURCE)}
    pairs = {name: (str(each.facts["endpoint"]), name) for name, each in was.items()}
    have = with_leads(connection, pairs.values())
    endpoints = {s.removeprefix(_ENDPOINT): each for s, each in found.items() if s.startswith(_ENDPOINT)}
    # One that never took a lead may be mended freely, as a department that was mistyped.
    used = {
        endpoint for endpoint, _ in have if endpoint not in config.endpoints or sent_to(connection, endpoint)
    }
    return Known(
        {name: each for name, each in was.items() if pairs[name] in have},
        {name: each for name, each in endpoints.items() if name in used},
        now,
        {name: Identity(endpoint_facts(each)) for name, each in config.endpoints.items()},
        {
            name: found[source_scope(name)]
            for name in now
            if pairs[name] not in have and source_scope(name) in found
        },
    )


def differences(was: Facts, now: Facts) -> list[str]:
    """Return the names of what both say, and not alike."""
    if was.get("type") != now.get("type"):
        return ["type"]  # what else there is can't be compared
    return [name for name in was if name in now and was[name] != now[name]]


def _source_now(config: Config, name: str) -> Identity:
    source = config.sources[name]
    return Identity(source_facts(source, config.directory), first_sync_of(source))


def _with_endpoint(was: Identity, renamed: Mapping[str, str]) -> Identity:
    endpoint = str(was.facts["endpoint"])
    return replace(was, facts={**was.facts, "endpoint": renamed.get(endpoint, endpoint)})
