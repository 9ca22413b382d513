"""A plan for people: lead by lead and field by field. It shows names and phones, and is never logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.cli.frame.edit_lines import show_edit
from sync.cli.frame.printing import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.cli.frame.printing import Cell, Printer
    from sync.runtime.dry_ledger import Planned
    from sync.runtime.planning import PlanReport
    from sync.store.field_changes import Change

_STYLES = {"new": "green", "changed": "cyan", "reverted": "dim", "invalid": "yellow"}
_COUNTED = ("new", "changed", "unchanged", "skipped", "adopted", "invalid")
#: Characters of a value that are shown on a line of its own, and on one with all others of its lead.
_LONGEST, _LONGEST_BESIDE = 100, 40


def show_plans(printer: Printer, reports: Sequence[PlanReport], limit: int) -> None:
    """Show what a sync would do, source by source.

    Args:
        printer: where to.
        reports: what was found.
        limit: so many leads of each kind are shown.

    """
    for report in reports:
        _show_plan(printer, report, limit)


def _show_plan(printer: Printer, report: PlanReport, limit: int) -> None:
    counts = report.result.counts
    told = ", ".join(f"{getattr(counts, name):,} {name}" for name in _COUNTED if getattr(counts, name))
    printer.parts((report.source, "bold"), f": {counts.polled:,} read: {told or 'nothing'}")
    for what in _STYLES:
        _show_some(printer, report, what, limit)
    if report.result.held_reason:
        printer.line(f"  all of it would be held: {report.result.held_reason}", "yellow")
    show_edit(printer, report.source, report.judged)


def _show_some(printer: Printer, report: PlanReport, what: str, limit: int) -> None:
    some = [each for each in report.noted if each.what == what]
    for each in some[:limit]:
        _show_lead(printer, f"{report.source}:{each.key}", each)
    if len(some) > limit:
        printer.line(f"  … and {len(some) - limit:,} more {what}", "dim")


def _show_lead(printer: Printer, name: str, planned: Planned) -> None:
    head: tuple[Cell, ...] = ("  ", (f"{planned.what:<9}", _STYLES[planned.what]), name)
    if planned.what == "invalid":
        printer.parts(*head, f"  {planned.reason}")
    elif planned.what == "new" or _is_new_to_the_endpoint(planned):
        printer.parts(*head, "  ", *_in_one_line(planned))
    else:
        printer.parts(*head)
        width = max((len(each.field) for each in planned.changes), default=0)
        for change in planned.changes:
            printer.parts(f"      {change.field:<{width}}  ", *_now(change))


def _is_new_to_the_endpoint(planned: Planned) -> bool:
    """Tell whether nothing is kept of what it is compared with, as of what was adopted."""
    added = sum(each.what == "added" for each in planned.changes)
    return planned.lead is not None and added == len(planned.lead.standard) + len(planned.lead.custom)


def _in_one_line(planned: Planned) -> list[Cell]:
    """Return all that a lead says, of which the endpoint has nothing yet."""
    cells: list[Cell] = []
    for change in planned.changes:
        value = shortened(change.value or "", _LONGEST_BESIDE)
        cells += [", " if cells else "", (f"{change.field}: ", "dim"), value]
    return cells


def _now(change: Change) -> tuple[Cell, ...]:
    """Return what a field says now; what it said is not known, only that it was something else."""
    if change.what == "removed":
        return (("gone", "yellow"),)
    value = shortened(change.value or "", _LONGEST)
    return ("→ ", value) if change.what == "changed" else (("+ ", "green"), value)
