"""``leadrelay retry``: once more, on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer  # noqa: TC002 - Typer reads the annotations

from sync.cli.frame.acting import Action, act
from sync.cli.frame.choosing import DryRun, Everything, Ids, Reason, SourceName, States, Wish, Yes
from sync.cli.frame.session import Session
from sync.cli.frame.times import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.cli.frame.printing import Printer
    from sync.store.trying import Failing

EXAMPLES = (
    "leadrelay retry crm:7                      # one lead",
    "leadrelay retry --state rejected           # all that the endpoint refused",
    "leadrelay retry --source crm --reason 422  # those of one source that it refused so",
    "leadrelay retry --state unknown --dry-run  # how many would it be?",
    "leadrelay retry                            # an endpoint that is halted: try it now",
)


def retry(  # noqa: PLR0913 - one parameter per option
    context: typer.Context,
    *,
    ids: Ids = None,
    state: States = None,
    source: SourceName = None,
    reason: Reason = None,
    everything: Everything = False,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Send rejected and unknown leads once more, and map invalid records again.

    It is always the newest version of a lead that is sent. An unknown lead may have arrived already:
    sending it again may text somebody twice. An endpoint that is halted or down is tried at once, instead
    of after the pause; where that is all you want, name no leads. What it asked for itself, with a
    Retry-After, is heeded all the same.
    """
    from sync.store.actions.retry import RETRYABLE
    from sync.store.actions.retry import retry as do

    action = Action(
        "retry",
        "retried",
        RETRYABLE,
        "Send {leads} once more ({counts})?",
        "The next `leadrelay sync` takes them; where `leadrelay run` is running, it does at once.",
        do,
    )
    wish = Wish(ids or (), state or (), source, reason, everything)
    session = Session.of(context)
    if wish.is_empty and not dry_run:
        failing = _try_endpoints(session)
        if failing:
            session.answer(_document(failing), lambda printer: _show(printer, failing))
            return
    if act(session, action, wish, yes=yes, dry_run=dry_run):
        for each in _try_endpoints(session):
            session.note(_said(each))


def _try_endpoints(session: Session) -> list[Failing]:
    """Let endpoints that fail be tried at once; return them."""
    from sync.store.trying import try_again

    with session.store(session.config()) as store:
        if store is None:
            return []
        return store.write_now(lambda connection: try_again(connection, store.clock()))


def _document(failing: Sequence[Failing]) -> dict[str, Any]:
    endpoints = {each.endpoint: each.state for each in failing}
    return {"retried": 0, "states": {}, "left_alone": {}, "dry_run": False, "endpoints": endpoints}


def _show(printer: Printer, failing: Sequence[Failing]) -> None:
    for each in failing:
        printer.line(_said(each))


def _said(each: Failing) -> str:
    reason = f" ({each.reason})" if each.reason else ""
    if each.left_alone_until is not None:
        until = clock(each.left_alone_until)
        return f"{each.endpoint} is {each.state}{reason}; it asked to be left alone until {until}"
    how = "the next `leadrelay sync` does it; where `leadrelay run` is running, it does at once"
    return f"{each.endpoint} is {each.state}{reason} and will be tried without a pause: {how}"
