"""What `reconcile` says: the counts, the records by their keys, and what helps."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sync.accounts import UNACCOUNTED, Account
from sync.changes import changed_text
from sync.cli.frame.choosing import states_named
from sync.cli.frame.exits import ExitCode
from sync.cli.frame.json_output import iso
from sync.cli.frame.times import ago, clock, span
from sync.cli.frame.words import number_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sync.cli.frame.printing import Cell, Printer
    from sync.runtime.reconciling import Listed, Reconciliation

#: What can be listed: what nobody accounts for first, then what needs a person, then the rest.
LISTABLE = (
    *UNACCOUNTED,
    Account.UNKNOWN,
    Account.REJECTED,
    Account.INVALID,
    Account.HELD,
    Account.PENDING,
    Account.SENDING,
    Account.NOT_POLLED,
    Account.SKIPPED,
    Account.ADOPTED,
    Account.DISCARDED,
    Account.BEFORE_FIRST_SYNC,
)
_STYLES = {
    **dict.fromkeys(UNACCOUNTED, "bold red"),
    Account.REJECTED: "red",
    **dict.fromkeys((Account.UNKNOWN, Account.INVALID, Account.HELD), "yellow"),
    **dict.fromkeys((Account.PENDING, Account.SENDING, Account.NOT_POLLED), "cyan"),
}


def accounts_named(names: Sequence[str]) -> tuple[Account, ...]:
    """Return what `--state` names, all that can be listed without one.

    Raises:
        Refused: when a name is none of those.

    """
    wanted = states_named(names, [each.value for each in LISTABLE])
    return tuple(each for each in LISTABLE if not wanted or each.value in wanted)


def reconcile_code(found: Reconciliation) -> ExitCode:
    """Return the exit code that a reconciliation deserves."""
    if found.error:
        from sources.errors import BadConfig

        return ExitCode.WRONG if isinstance(found.cause, BadConfig) else ExitCode.UNAVAILABLE
    return ExitCode.NEEDS_YOU if found.unaccounted else ExitCode.DONE


def reconcile_document(found: Reconciliation, chosen: Collection[Account]) -> dict[str, Any]:
    """Return the answer of the command as a document."""
    return {
        "source": found.source,
        "read": found.read,
        "counts": {each.value: found.counts[each] for each in (Account.ACCEPTED, *LISTABLE)},
        "unaccounted": found.unaccounted,
        "gone": found.gone,
        "error": found.error,
        "advice": _advice(found),
        "records": [_one(found.source, each) for each in _chosen(found, chosen)],
    }


def _chosen(found: Reconciliation, chosen: Collection[Account]) -> list[Listed]:
    return [each for account in LISTABLE if account in chosen for each in found.listed.get(account, ())]


def _one(source: str, each: Listed) -> dict[str, Any]:
    return {
        "id": f"{source}:{each.key}",
        "key": each.key,
        "state": each.account.value,
        "reason": each.reason,
        "since": iso(each.since),
        "due": iso(each.due),
        "changed": changed_text(each.changed),
    }


def show(printer: Printer, found: Reconciliation, chosen: Collection[Account]) -> None:
    """Print the answer for people."""
    counted = (Account.ACCEPTED, *LISTABLE)
    told = ", ".join(f"{found.counts[each]:,} {each.value}" for each in counted if found.counts[each])
    printer.parts((found.source, "bold"), f": {found.read:,} read: {told or 'nothing'}")
    rows = _chosen(found, chosen)
    if rows:
        now = time.time()
        printer.table(("ID", "STATE", "SINCE", "WHY"), [_cells(printer, found, each, now) for each in rows])
    for account in chosen:
        more = found.counts[account] - len(found.listed.get(account, ()))
        if more:
            printer.line(f"… and {more:,} more {account.value}: --state {account.value} --limit N", "dim")
    if found.gone:
        printer.line(f"{number_of(found.gone, 'lead')} of the ledger the source has no more", "dim")
    for line in _advice(found):
        printer.line(line, "yellow")


def _cells(printer: Printer, found: Reconciliation, each: Listed, now: float) -> tuple[Cell, ...]:
    since = "" if each.since is None else clock(each.since) if printer.plain else ago(each.since, now)
    style = _STYLES.get(each.account, "dim")
    return (f"{found.source}:{each.key}", (each.account.value, style), (since, "dim"), _why(each, now))


def _why(each: Listed, now: float) -> str:
    waits = f"not before {span(each.due - now)} from now" if each.due and each.due - now >= 1 else ""
    changed = changed_text(each.changed)
    when = f"changed {changed}" if changed and each.account in UNACCOUNTED else ""
    return "; ".join(part for part in (each.reason, waits, when) if part)


def _advice(found: Reconciliation) -> list[str]:
    """Return what helps with what nobody accounts for."""
    if not found.unaccounted:
        return []
    since = f" --since {found.oldest.date().isoformat()}" if found.oldest else " --since DATE"
    records = number_of(found.unaccounted, "record")
    return [
        f"nobody accounts for {records}: behind the position, they turned up late",
        f"`leadrelay backfill {found.source}{since}` sends them",
        "a longer `lookback` keeps it from happening again: it has to cover how late records turn up",
    ]
