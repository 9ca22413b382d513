"""``leadrelay leads``: who stands where, and why."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from sync.cli.frame.choosing import Reason, SourceName, States, Wish, check_names, select
from sync.cli.frame.failures import Refused
from sync.cli.frame.json_output import iso
from sync.cli.frame.session import Session
from sync.cli.frame.times import ago, clock, span
from sync.cli.frame.words import counts_in_words, state_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection

    from sync.cli.frame.printing import Cell, Printer
    from sync.states import State
    from sync.store.store import Store
    from sync.store.views.leads import LeadRow
    from sync.store.views.selection import Selection

    Found: TypeAlias = tuple[list[LeadRow], Mapping[State, int]]

EXAMPLES = (
    "leadrelay leads                                  # everything that is on its way, or stuck",
    "leadrelay leads --state rejected --source crm    # what the endpoint refused",
    'leadrelay leads --reason "phoneNumber"           # whose reason names the phone',
    "leadrelay leads --state skipped --limit 10       # what `where` filters",
    "leadrelay leads --possibly-repeated              # what may have been texted twice",
)


def leads(  # noqa: PLR0913 - one parameter per option
    context: typer.Context,
    *,
    state: States = None,
    source: SourceName = None,
    reason: Reason = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, metavar="N", help="At most so many.")] = 50,
    after: Annotated[
        str | None,
        typer.Option("--after", metavar="PLACE", help="Go on after the place where a list ended."),
    ] = None,
    possibly_repeated: Annotated[
        bool,
        typer.Option(
            "--possibly-repeated", help="Those accepted after a request that was never answered, instead."
        ),
    ] = False,
) -> None:
    """List what is pending, held, being sent, invalid, rejected or unknown, each with its reason.

    With --state also what is skipped, adopted or discarded. Names, phones and e-mails are never shown.
    With --possibly-repeated what the endpoint took and may have got twice; --source narrows that.
    """
    session = Session.of(context)
    config = session.config()
    with session.store(config) as store:
        wish = Wish((), state or (), source, reason)
        if possibly_repeated and (state or reason):
            raise Refused("--possibly-repeated is about accepted leads: it goes with --source alone")
        if store is None:
            check_names(config, wish, _allowed(wish))
            session.answer({"leads": [], "counts": {}, "next": None}, _nothing_yet)
            return
        read = _repeated_of if possibly_repeated else _listed_of
        rows, counts = _read(store, read(_selection(store, config, wish), limit + 1, after))
    more = rows[limit - 1].cursor if len(rows) > limit else None
    now = time.time()
    session.answer(
        {"leads": list(map(_document, rows[:limit])), "counts": counts, "next": more},
        lambda printer: _show(printer, rows[:limit], counts, now),
    )
    if more and not session.chosen.json:
        session.note(f"There are more: --after {more}")


def _selection(store: Store, config: Any, wish: Wish) -> Selection:
    return select(store, config, wish, _allowed(wish))


def _allowed(wish: Wish) -> tuple[State, ...]:
    from sync.store.views.selection import LEAD_STATES, OPEN_STATES

    return (*OPEN_STATES, *LEAD_STATES) if wish.states else tuple(OPEN_STATES)


def _read(store: Store, read: Callable[[Connection], Found]) -> Found:
    try:
        return store.read_now(read)
    except ValueError as error:
        raise Refused(f"--after: {error}") from error


def _listed_of(selection: Selection, limit: int, after: str | None) -> Callable[[Connection], Found]:
    from sync.store.views.leads import count_leads, list_leads

    return lambda connection: (
        list_leads(connection, selection, limit, after),
        count_leads(connection, selection),
    )


def _repeated_of(selection: Selection, limit: int, after: str | None) -> Callable[[Connection], Found]:
    from sync.store.views.repeated import count_repeated, list_repeated

    return lambda connection: (
        list_repeated(connection, selection.source, limit, after),
        count_repeated(connection, selection.source),
    )


def _document(row: LeadRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "source": row.source,
        "key": row.key,
        "endpoint": row.endpoint,
        "state": row.state.value,
        "reason": row.reason,
        "since": iso(row.at),
        "due": iso(row.due_at),
        "tries": row.tries,
    }


def _show(printer: Printer, rows: Sequence[LeadRow], counts: Mapping[State, int], now: float) -> None:
    if not rows:
        printer.line("No lead stands there.")
        return
    printer.table(("ID", "STATE", "SINCE", "WHY"), [_cells(printer, row, now) for row in rows])
    if not printer.plain:
        printer.line()
        printer.line(counts_in_words(counts), "dim")


def _cells(printer: Printer, row: LeadRow, now: float) -> tuple[Cell, ...]:
    since = clock(row.at) if printer.plain else ago(row.at, now)
    return (row.id, state_cell(row.state), (since, "dim"), _why(row, now))


def _why(row: LeadRow, now: float) -> str:
    waits = f"not before {span(row.due_at - now)} from now" if row.due_at and row.due_at - now >= 1 else ""
    if row.state == "pending" and row.due_at is None:
        waits = "its run is not finished"
    return "; ".join(part for part in (row.reason, waits) if part)


def _nothing_yet(printer: Printer) -> None:
    printer.line("Nothing has been read yet: `leadrelay sync` does.")
