"""``leadrelay resume``: start what was paused."""

from __future__ import annotations

import typer  # noqa: TC002 - Typer reads the annotations

from sync.cli.frame.scopes import Endpoint, Source, scope_of
from sync.cli.frame.session import Session

EXAMPLES = (
    "leadrelay resume crm",
    "leadrelay resume --endpoint default",
)


def resume(context: typer.Context, source: Source = None, endpoint: Endpoint = None) -> None:
    """Start a source, or an endpoint, that `leadrelay pause` stopped.

    The source is polled again from where it stood, so that nothing of the time between is missed.
    """
    from sync.store import pauses
    from sync.store.actions import pausing

    session = Session.of(context)
    config = session.config()
    with session.store(config) as store:
        # What was put away under another name, or is not in the configuration any more, may be paused still.
        paused = store.read_now(pauses.paused) if store is not None else ()
        scope, name = scope_of(config, source, endpoint, paused)
        changed = store is not None and store.write_now(lambda connection: pausing.resume(connection, scope))
    said = f"{name} goes on" if changed else f"{name} was not paused"
    session.answer({"scope": scope, "paused": False, "changed": changed}, lambda printer: printer.line(said))
