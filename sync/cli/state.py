"""``leadrelay state``: the positions and the ledger."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sync.cli.frame.failures import Refused
from sync.cli.frame.json_output import iso
from sync.cli.frame.loading import HELP_NAMES, Command, Group
from sync.cli.frame.positions import readable
from sync.cli.frame.session import Session, source_named
from sync.cli.frame.words import number_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection

    from sync.cli.frame.printing import Printer
    from sync.config import SourceConfig
    from sync.store.store import Store
    from sync.store.views.positions import SourceState

EXAMPLES = (
    "leadrelay state show                     # where each source is read to, and what is known of it",
    "leadrelay state reset crm --position-only   # read it all again, and send what is new in it",
    "leadrelay state reset crm --all             # forget it whole",
    "leadrelay state export > ledger.jsonl       # the ledger, a JSON line a lead",
)
#: Leads read from the store at once.
_SOME = 1000

app = typer.Typer(
    cls=Group,
    context_settings=HELP_NAMES,
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)


@app.callback()
def state() -> None:
    """Show, reset or export the positions and the ledger."""


@app.command(cls=Command, context_settings=HELP_NAMES)
def show(
    context: typer.Context,
    source: Annotated[str | None, typer.Argument(metavar="[SOURCE]", help="Only this one.")] = None,
) -> None:
    """Show where each source is read to, and how many leads of it are known."""
    from sync.store.views.positions import read_positions

    session = Session.of(context)
    with session.store(session.config()) as store:
        found = store.read_now(lambda connection: read_positions(connection, source)) if store else []
    document = {"sources": [_document(each) for each in found]}
    session.answer(document, lambda printer: _show(printer, found))


@app.command(cls=Command, context_settings=HELP_NAMES)
def reset(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Of which source.")],
    position_only: Annotated[
        bool, typer.Option("--position-only", help="Forget the position and keep the ledger.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="Forget the ledger and the outbox too.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
) -> None:
    """Forget where a source is read to, with its ledger kept (--position-only) or with all of it (--all).

    With the ledger kept, the next run reads everything again and sends only what is new or changed.
    With the ledger gone, nothing tells what was sent already: the next run is a first sync again.
    """
    session = Session.of(context)
    config = session.config()
    wanted = source_named(config, source)
    if position_only == everything:
        raise Refused("say --position-only (the ledger is kept) or --all (everything is forgotten)")
    with session.store(config) as store:
        if store is None:
            raise Refused("nothing has been read yet, so there is nothing to reset")
        if not session.is_sure(_question(wanted, everything), yes=yes):
            return
        leads = _reset(store, wanted, everything)
    said = (
        f"{source} is forgotten, with {number_of(leads, 'lead')}" if everything else f"{source} is read anew"
    )
    document = {"source": source, "reset": "all" if everything else "position", "leads_forgotten": leads}
    session.answer(document, lambda printer: printer.line(f"{said} with the next run"))


@app.command(cls=Command, context_settings=HELP_NAMES)
def export(
    context: typer.Context,
    source: Annotated[str | None, typer.Argument(metavar="[SOURCE]", help="Only this one.")] = None,
) -> None:
    """Write the ledger, a JSON line a lead: keys, states, times and digests, and nothing personal.

    With --json it is one JSON document instead.
    """
    session = Session.of(context)
    with session.store(session.config()) as store:
        _write(_rows(store, source) if store else iter(()), whole=session.chosen.json)


def _question(source: SourceConfig, everything: bool) -> str:
    name, first = source.name, source.options.first_sync
    if everything:
        return (
            f"Everything known of {name} is forgotten, and what waits to be sent. The next run is a first "
            f"sync (first_sync: {first}); what was sent before may be sent again. Go on?"
        )
    return (
        f"The next run reads {name} from its beginning. What is known and unchanged is not sent; what is "
        "unknown is taken over as the first sync would have done, or sent. Go on?"
    )


def _reset(store: Store, source: SourceConfig, everything: bool) -> int:
    from sync.store.actions.resetting import reset_all, reset_position
    from sync.store.ledger import Scope

    scope = Scope(source.endpoint, source.name)
    if everything:
        leads = store.write_now(lambda connection: reset_all(connection, store.leases, scope, store.clock()))
        store.erase_log()
        return leads
    first = source.options.first_sync
    store.write_now(lambda connection: reset_position(connection, store.leases, scope, first, store.clock()))
    return 0


def _document(found: SourceState) -> dict[str, Any]:
    return {
        "source": found.source,
        "endpoint": found.endpoint,
        "position": found.position,
        "first_sync": found.first_sync,
        "updated": iso(found.updated_at),
        "leads": found.leads,
    }


def _show(printer: Printer, found: list[SourceState]) -> None:
    if not found:
        printer.line("Nothing has been read yet.")
        return
    rows = [(each.source, each.endpoint, _position(each), _leads(each)) for each in found]
    printer.table(("SOURCE", "ENDPOINT", "POSITION", "LEADS KNOWN"), rows)


def _position(found: SourceState) -> str:
    from sources.position import Position

    position = Position.from_json(dict(found.position)) if found.position else None
    first = "; the first sync is not finished" if found.first_sync else ""
    return readable(position, found.updated_at, None) + first


def _leads(found: SourceState) -> str:
    parts = [f"{number:,} {name}" for name, number in sorted(found.leads.items())]
    return ", ".join(parts) or "none"


def _rows(store: Store, source: str | None) -> Iterator[dict[str, Any]]:
    last = 0
    while rows := store.read_now(_reading(last, source)):
        last = rows[-1]["id"]
        yield from rows


def _reading(last: int, source: str | None) -> Callable[[Connection], Sequence[dict[str, Any]]]:
    from sync.store.views.exporting import ledger_after

    return lambda connection: ledger_after(connection, last, _SOME, source)


def _write(rows: Iterator[dict[str, Any]], *, whole: bool) -> None:
    """Write rows as they come; with ``whole``, as one document."""
    import orjson

    write = sys.stdout.buffer.write
    between = b""
    write(b'{"leads": [' if whole else b"")
    for row in rows:
        shown = {**row, "first_seen_at": iso(row["first_seen_at"]), "accepted_at": iso(row["accepted_at"])}
        write(between + orjson.dumps(shown))
        between = b",\n" if whole else b"\n"
    write(b"]}\n" if whole else between)
    sys.stdout.buffer.flush()
