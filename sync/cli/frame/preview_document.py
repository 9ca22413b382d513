"""A preview as the one JSON document of the command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.lead import Invalid, Lead, Skip
from sync.mapping.provenance import Provenance

if TYPE_CHECKING:
    from sources.base import Record
    from sync.mapping import Mapping
    from sync.runtime.previewing import Outcome, Preview


def preview_document(source: str, found: Preview, mapping: Mapping) -> dict[str, Any]:
    """Return the document."""
    origins = Provenance(mapping.outputs)
    return {
        "source": source,
        "records": [_one(record, outcome, origins) for record, outcome in found.records],
        "bad": [str(each) for each in found.bad],
        "notes": list(found.notes),
        "read": found.read,
    }


def _one(record: Record, outcome: Outcome, origins: Provenance) -> dict[str, Any]:
    lead = outcome if isinstance(outcome, Lead) else None
    came_from = origins.of_lead(lead) if lead else {}
    return {
        "key": record.key,
        "where": record.where,
        "record": dict(record.fields),
        "lead": {**lead.custom, **lead.standard} if lead else None,
        "came_from": {
            name: {"at": came.at or None, "columns": list(came.columns)} for name, came in came_from.items()
        },
        "warnings": [str(each) for each in lead.warnings] if lead else [],
        "skipped": outcome.reason if isinstance(outcome, Skip) else None,
        "invalid": [str(each) for each in outcome.problems] if isinstance(outcome, Invalid) else [],
    }
