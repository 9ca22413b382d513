"""``leadrelay pause``: stop a source or an endpoint for a while."""

from __future__ import annotations

import typer  # noqa: TC002 - Typer reads the annotations

from sync.cli.frame.scopes import Endpoint, Source, scope_of
from sync.cli.frame.session import Session

EXAMPLES = (
    "leadrelay pause crm                   # poll it no more, send nothing of it",
    "leadrelay pause --endpoint default    # read on, send nothing",
    "leadrelay resume crm",
)


def pause(context: typer.Context, source: Source = None, endpoint: Endpoint = None) -> None:
    """Stop a source, or an endpoint, until `leadrelay resume`.

    A paused source is not polled, and nothing of it is sent. To a paused endpoint nothing is sent,
    while its sources are read on. What is in the air when it is paused still arrives.
    """
    from sync.store.actions import pausing
    from sync.store.store import open_store

    session = Session.of(context)
    config = session.config()
    scope, name = scope_of(config, source, endpoint)
    store = open_store(config.state.url.get_secret_value())
    try:
        changed = store.write_now(lambda connection: pausing.pause(connection, scope, store.clock()))
    finally:
        store.close()
    said = f"{name} is paused" if changed else f"{name} was paused already"
    session.answer({"scope": scope, "paused": True, "changed": changed}, lambda printer: printer.line(said))
