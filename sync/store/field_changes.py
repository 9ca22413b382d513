"""Field by field: what of a lead differs from what the endpoint was given. Only digests of that are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import orjson
from sqlalchemy import select

from sync.lead import Lead
from sync.store import tables
from sync.store.chunks import chunks
from sync.store.digests import field_digests

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection

    from sync.compare import Decision, Evaluates

_CUSTOM = "custom."


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a lead that is not what it was."""

    #: As in ``status``, ``custom.plan``.
    field: str
    what: Literal["added", "changed", "removed"]
    #: What it is now; None when it is gone. What it was is not known: only its digest is kept.
    value: str | None


class FieldChanges:
    """Compares leads under one mapping with digests that were kept of their fields.

    Args:
        mapping: the mapping in force, which says what counts as a change.
        key: the store's key of digests.

    """

    def __init__(self, mapping: Evaluates, key: bytes) -> None:
        self._mapping = mapping
        self._key = key
        self._nothing = mapping.fingerprint(Lead({}))
        self._counted: dict[str, bool] = {}

    def all(self, lead: Lead, before: str | None) -> list[Change]:
        """Return every field that differs from what is kept; all of them are added where nothing is."""
        old: Mapping[str, str] = orjson.loads(before) if before else {}
        new: Mapping[str, str] = orjson.loads(field_digests(lead, self._key))
        values = {**lead.standard, **{f"{_CUSTOM}{name}": value for name, value in lead.custom.items()}}
        changes = [
            Change(name, "changed" if name in old else "added", values[name])
            for name, digest in new.items()
            if old.get(name) != digest
        ]
        return changes + [Change(name, "removed", None) for name in old if name not in new]

    def counted(self, lead: Lead, before: str | None) -> list[Change]:
        """Return the fields that differ and whose change would be sent: none of `ignore_changes`."""
        return [each for each in self.all(lead, before) if self._counts(each.field)]

    def _counts(self, name: str) -> bool:
        """Tell whether a field is part of the fingerprint, by the fingerprint of a lead with nothing else."""
        if name not in self._counted:
            custom = name.startswith(_CUSTOM)
            alone = Lead({}, {name.removeprefix(_CUSTOM): "-"}) if custom else Lead({name: "-"})
            self._counted[name] = self._mapping.fingerprint(alone) != self._nothing
        return self._counted[name]


def kept_fields(connection: Connection, versions: Collection[int]) -> dict[int, str]:
    """Return the digests that are kept of the fields of these versions, by version."""
    found: dict[int, str] = {}
    for some in chunks(list(versions)):
        query = select(tables.version.c.id, tables.version.c.fields).where(tables.version.c.id.in_(some))
        found.update((row.id, row.fields) for row in connection.execute(query) if row.fields)
    return found


def differing(connection: Connection, decisions: Sequence[Decision], changes: FieldChanges) -> set[str]:
    """Return the keys of those decisions whose lead differs from the version that was accepted."""
    kept = kept_fields(
        connection, [d.known.accepted_id for d in decisions if d.known and d.known.accepted_id]
    )
    return {
        d.record.key
        for d in decisions
        if d.lead is not None
        and d.known is not None
        and (before := kept.get(d.known.accepted_id or 0))
        and changes.counted(d.lead, before)
    }
