"""``leadrelay reconcile``: who accounts for every record that a source holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sync.cli.frame.reconcile_report import accounts_named, reconcile_code, reconcile_document, show
from sync.cli.frame.session import Session, source_named

if TYPE_CHECKING:
    from sync.cli.frame.running import Ended
    from sync.config import Config, SourceConfig
    from sync.runtime.reconciling import Reconciliation

EXAMPLES = (
    "leadrelay reconcile crm                            # what has not been accepted as it is now, and why",
    "leadrelay reconcile crm --state never-seen -n 500  # only what nobody accounts for",
    "leadrelay reconcile crm --json | jq .counts",
)


def reconcile(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Which source.")],
    *,
    state: Annotated[
        list[str] | None,
        typer.Option("--state", metavar="STATE", help="List only these, as in never-seen; may be repeated."),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=0, metavar="N", help="List so many of each state.")
    ] = 20,
) -> None:
    """Read a whole source and list every record that the endpoint has not accepted as it is now, and why.

    Besides the states of `leads`: not-polled (the next sync reads it), before-first-sync (first_sync left
    it out), and two that nobody accounts for: never-seen (a row that was committed late, behind the
    position) and older-content (the same with a change). Ends with 1 when there is any of those two, and
    with 3 when the source can't be read. Nothing is written and nothing is sent.
    """
    session = Session.of(context)
    config = session.config()
    wanted = source_named(config, source)
    chosen = accounts_named(state or ())
    ended = _work(session, config, wanted, limit)
    found = ended.result
    session.answer(reconcile_document(found, chosen), lambda printer: show(printer, found, chosen))
    if found.error:
        session.warn(f"{found.source}: {found.error}")
    code = ended.code if ended.code is not None else reconcile_code(found)
    if code:
        raise typer.Exit(code)


def _work(session: Session, config: Config, source: SourceConfig, limit: int) -> Ended[Reconciliation]:
    from sync.cli.frame.running import no_new_store, placed, run_work
    from sync.runtime.reconciling import reconcile as work

    with placed(config, source.name), no_new_store(config) as dry:
        return run_work(session, dry, lambda connector, stop: work(connector, source, limit, stop))
