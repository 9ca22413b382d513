"""A plan as a document, for ``--json``."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sync.runtime.dry_ledger import Planned
    from sync.runtime.judging import Edit
    from sync.runtime.planning import Judged, PlanReport


def plan_document(report: PlanReport) -> dict[str, Any]:
    """Return what a sync of one source would do, as JSON."""
    return {
        "source": report.source,
        "counts": asdict(report.result.counts),
        "held_reason": report.result.held_reason,
        "error": report.result.error,
        "edited_only": report.edited_only,
        "edit": _edit(report.judged),
        "leads": [_lead(report.source, each) for each in report.noted],
    }


def _lead(source: str, planned: Planned) -> dict[str, Any]:
    return {
        "id": f"{source}:{planned.key}",
        "what": planned.what,
        "fields": planned.fields,
        "changes": [asdict(each) for each in planned.changes],
        "reason": planned.reason,
    }


def _edit(judged: Judged) -> dict[str, Any]:
    edit: Edit = judged.edit
    return {
        "read": judged.read,
        "whole": judged.whole,
        "unread": judged.unread,
        "error": judged.error,
        "changed": edit.changed,
        "fields": [{"field": name, **asdict(each)} for name, each in edit.fields.items()],
        "let_in": edit.let_in,
        "left_out": edit.left_out,
        "invalid": edit.invalid,
        "reasons": dict(edit.reasons.most_common()),
        "valid": edit.valid,
    }
