"""Whether sources and endpoints are what they were: what is refused, and what is to be written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sync.runtime import refusals
from sync.runtime.known import differences
from sync.store.actions.moving import Changes
from sync.store.identities import endpoint_scope, source_scope
from sync.store.ledger import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.config import Config
    from sync.located_yaml import ConfigProblem
    from sync.runtime.known import Known
    from sync.store.identities import Facts, Identity


@dataclass(slots=True)
class Verdict:
    """What came of comparing a configuration with the ledger."""

    problems: list[ConfigProblem] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)

    def scope_now(self, scope: Scope) -> Scope:
        """Return where the ledger keeps what belongs to a source before the changes are written."""
        for from_, to in self.changes.sources:
            if to == scope:
                scope = from_
        for from_, to in self.changes.put_away:
            if from_ == scope:
                return to  # it begins anew: nothing stands there
        for old, new in self.changes.endpoints:
            if new == scope.endpoint:
                return replace(scope, endpoint=old)
        return scope


def verify(config: Config, known: Known, now: float) -> Verdict:
    """Compare a configuration with what the ledger says."""
    verdict = Verdict()
    endpoints = _Endpoints(config, known, verdict)
    for name in config.endpoints:
        endpoints.look_at(name)
    sources = _Sources(config, known.under(endpoints.renamed), verdict, now)
    for name in config.sources:
        sources.look_at(name, anew=name in endpoints.begin_anew)
    verdict.problems.sort(key=lambda problem: (problem.mark is None, problem.mark))
    return verdict


class _Endpoints:
    """The endpoints of a configuration."""

    def __init__(self, config: Config, known: Known, verdict: Verdict) -> None:
        self._config, self._known, self._verdict = config, known, verdict
        #: Sources whose endpoint is another account now.
        self.begin_anew: set[str] = set()
        #: New names by old ones, also of those that are refused: their sources are not refused as well.
        self.renamed: dict[str, str] = {}

    def look_at(self, name: str) -> None:
        now, was = self._known.endpoints_now[name], self._known.endpoints.get(name)
        renamed = self._config.endpoints[name].settings.renamed_from or ()
        if was is None:
            self._new(name, now, renamed)
        else:
            self._there(name, was, now, renamed)
        self._verdict.changes.identities[endpoint_scope(name)] = now

    def _new(self, name: str, now: Identity, renamed: Sequence[str]) -> None:
        gone = self._known.gone_endpoints()
        taken = next((old for old in renamed if old in gone), None)
        if taken is not None:
            self._verdict.changes.endpoints.append((taken, name))
            self.renamed[taken] = name
            return
        alike = next((old for old, was in gone.items() if was.facts == now.facts), None)
        fed = self._still_fed(alike) if alike is not None else []
        if alike is not None and fed and not self._all_begin_anew(fed):
            self.renamed[alike] = name
            self._verdict.problems.append(refusals.renamed_endpoint(self._config, name, alike, fed))

    def _there(self, name: str, was: Identity, now: Identity, renamed: Sequence[str]) -> None:
        changed = differences(was.facts, now.facts)
        fed = self._still_fed(name)
        if not changed or _covers(renamed, changed, was.facts) or not fed:
            return
        if self._all_begin_anew(fed):
            self.begin_anew.update(fed)
            return
        differs = changed, was.facts, now.facts
        self._verdict.problems.append(refusals.changed_endpoint(self._config, name, differs, fed))

    def _still_fed(self, endpoint: str) -> list[str]:
        return [name for name in self._known.fed(endpoint) if name in self._known.sources_now]

    def _all_begin_anew(self, names: Sequence[str]) -> bool:
        known = self._known
        return all(known.sources[each].first_sync != known.sources_now[each].first_sync for each in names)


class _Sources:
    """The sources of a configuration."""

    def __init__(self, config: Config, known: Known, verdict: Verdict, now: float) -> None:
        self._config, self._known, self._verdict, self._now = config, known, verdict, now

    def look_at(self, name: str, *, anew: bool) -> None:
        now, was = self._known.sources_now[name], self._known.sources.get(name)
        renamed = self._config.sources[name].options.renamed_from or ()
        if was is None:
            self._new(name, now, renamed)
        else:
            self._there(name, was, now, renamed, anew=anew)
        self._verdict.changes.identities[source_scope(name)] = now

    def _new(self, name: str, now: Identity, renamed: Sequence[str]) -> None:
        gone = self._known.gone_sources()
        taken = next((old for old in renamed if old in gone), None)
        if taken is not None:
            from_ = Scope(str(gone[taken].facts["endpoint"]), taken)
            self._verdict.changes.sources.append((from_, _scope(name, now)))
            return
        alike = next((old for old, was in gone.items() if was.facts == now.facts), None)
        if alike is not None and gone[alike].first_sync == now.first_sync:
            self._verdict.problems.append(refusals.renamed_source(self._config, name, alike, now))
            return
        before = self._known.without_leads.get(name)
        if renamed and before is None and alike is None and self._known.sources:
            self._verdict.problems.append(refusals.unknown_source(self._config, name, renamed[0], gone))
        elif before is not None and differences(before.facts, now.facts):
            self._verdict.changes.begun_anew.append(_scope(name, now))

    def _there(self, name: str, was: Identity, now: Identity, renamed: Sequence[str], *, anew: bool) -> None:
        changed = differences(was.facts, now.facts)
        if not changed and not anew:
            return
        from_, to = _scope(name, was), _scope(name, now)
        if not anew and _covers(renamed, changed, was.facts):
            if from_ != to:
                self._verdict.changes.sources.append((from_, to))
        elif anew or was.first_sync != now.first_sync:
            self._verdict.changes.put_away.append((from_, self._put_away(from_)))
        else:
            self._verdict.problems.append(refusals.changed_source(self._config, name, changed, was, now))

    def _put_away(self, scope: Scope) -> Scope:
        """Return a name that no configuration can use, for leads of a source that begins anew."""
        stamp = datetime.fromtimestamp(self._now, UTC).strftime("%Y-%m-%dT%H%M%S")
        return replace(scope, source=f"{scope.source}@{stamp}")


def _scope(name: str, identity: Identity) -> Scope:
    return Scope(str(identity.facts["endpoint"]), name)


def _covers(renamed: Sequence[str], changed: Sequence[str], was: Facts) -> bool:
    """Tell whether all that has changed is named as it was."""
    return bool(changed) and all(refusals.written(was[each]) in renamed for each in changed)
