"""``leadrelay trace``: everything that ever happened to one lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sync.changes import changed_text
from sync.cli.frame.exits import ExitCode
from sync.cli.frame.json_output import iso
from sync.cli.frame.session import Session
from sync.cli.frame.times import clock
from sync.cli.frame.words import state_cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.cli.frame.printing import Cell, Printer
    from sync.store.views.trace import Attempt, Trace, TracedVersion

EXAMPLES = (
    "leadrelay trace crm:7                # by source and key",
    "leadrelay trace 7                    # by key, in whatever source",
    'leadrelay trace "(804) 555-0123"     # by any phone it ever had',
    "leadrelay trace ada@example.com      # by any e-mail it ever had",
)


def trace(
    context: typer.Context,
    lead: Annotated[str, typer.Argument(metavar="ID|PHONE|EMAIL", help="The lead.")],
) -> None:
    """Show everything that ever happened to a lead: each version, which fields changed, each request.

    The store keeps phones and e-mails as keyed digests only: it can find a lead by them, and shows none.
    Ends with 1 when no lead is found.
    """
    session = Session.of(context)
    found = _find(session, lead)
    session.answer({"leads": [_document(each) for each in found]}, lambda printer: _show(printer, found))
    if not found:
        raise typer.Exit(ExitCode.NEEDS_YOU)


def _find(session: Session, lead: str) -> list[Trace]:
    from sync.store.views.trace import trace as read

    with session.store(session.config()) as store:
        if store is None:
            return []
        return store.read_now(lambda connection: read(connection, lead, store.digest_key))


def _show(printer: Printer, found: Sequence[Trace]) -> None:
    if not found:
        printer.line("No lead is known by this.")
    for index, each in enumerate(found):
        if index:
            printer.line()
        _show_one(printer, each)


def _show_one(printer: Printer, found: Trace) -> None:
    printer.parts(
        (str(found.lead), "bold"), "  ", state_cell(found.state), (f"  to {found.lead.endpoint}", "dim")
    )
    if found.reason:
        printer.line(f"  {found.reason}")
    changed = f", changed there at {_changed(found)}" if found.changed is not None else ""
    printer.line(f"  first seen {clock(found.first_seen_at)}{changed}", "dim")
    for version in found.versions:
        _show_version(printer, version)


def _show_version(printer: Printer, version: TracedVersion) -> None:
    run = f"{version.run_kind} {version.run_id}" if version.run_kind else "run unknown"
    lane, mapping = version.lane.name.lower(), (version.mapping or "unknown")[:8]
    made = f"  version {version.id}, {run}, {lane} lane, mapping {mapping}"
    printer.parts(clock(version.staged_at), (made, "dim"))
    if version.changed is not None:
        printer.line(f"    changed: {', '.join(version.changed) or 'nothing that is sent'}")
    for attempt in version.attempts:
        printer.parts(*_attempt(attempt))
    settled = f" at {clock(version.settled_at)}" if version.settled_at else ""
    due = f", not before {clock(version.due_at)}" if version.state == "pending" and version.due_at else ""
    reason = f": {version.reason}" if version.reason else ""
    printer.parts("    then ", state_cell(version.state), f"{settled}{due}{reason}")
    if version.possibly_repeated:
        printer.line(
            "    possibly repeated: an earlier request was never answered, and may have arrived", "yellow"
        )


def _attempt(attempt: Attempt) -> tuple[Cell, ...]:
    told = attempt.status is None or (attempt.detail or "").startswith(str(attempt.status))
    status = "" if told else f" {attempt.status}"
    took = f" in {attempt.seconds:.2f} s" if attempt.seconds is not None else ""
    detail = f": {attempt.detail}" if attempt.detail else ""
    style = {"accepted": "green", "rejected": "red"}.get(attempt.outcome, "yellow")
    return ("    ", clock(attempt.at), "  sent: ", (attempt.outcome, style), f"{status}{took}{detail}")


def _changed(found: Trace) -> str:
    from datetime import datetime

    return clock(found.changed) if isinstance(found.changed, datetime) else str(found.changed)


def _document(found: Trace) -> dict[str, Any]:
    return {
        "id": str(found.lead),
        "source": found.lead.source,
        "key": found.lead.key,
        "endpoint": found.lead.endpoint,
        "state": found.state.value if found.state else None,
        "reason": found.reason,
        "first_seen": iso(found.first_seen_at),
        "changed": changed_text(found.changed),
        "versions": [_version_document(version) for version in found.versions],
    }


def _version_document(version: TracedVersion) -> dict[str, Any]:
    return {
        "version": version.id,
        "staged": iso(version.staged_at),
        "run": version.run_id,
        "kind": version.run_kind,
        "backfill": version.job_id,
        "mapping": version.mapping,
        "lane": version.lane.name.lower(),
        "state": version.state.value,
        "reason": version.reason,
        "due": iso(version.due_at),
        "settled": iso(version.settled_at),
        "tries": version.tries,
        "repeats": version.repeats,
        "possibly_repeated": version.possibly_repeated,
        "changed": version.changed,
        "attempts": [
            {
                "at": iso(attempt.at),
                "outcome": attempt.outcome,
                "status": attempt.status,
                "seconds": attempt.seconds,
                "detail": attempt.detail,
            }
            for attempt in version.attempts
        ],
    }
