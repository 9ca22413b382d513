"""``leadrelay approve``: let go what a guard holds."""

from __future__ import annotations

import typer  # noqa: TC002 - Typer reads the annotations

from sync.cli.frame.acting import Action, act
from sync.cli.frame.choosing import DryRun, Everything, Ids, Reason, SourceName, Wish, Yes
from sync.cli.frame.session import Session

EXAMPLES = (
    "leadrelay leads --state held               # what is held, and why",
    "leadrelay approve crm:7                    # one lead",
    "leadrelay approve --source crm             # all that is held of one source",
    "leadrelay approve --all --yes              # everything, unasked",
)


def approve(  # noqa: PLR0913 - one parameter per option
    context: typer.Context,
    *,
    ids: Ids = None,
    source: SourceName = None,
    reason: Reason = None,
    everything: Everything = False,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Let go leads that a guard holds: more than max_sends at once, or rows that have moved.

    What is approved is not counted against max_sends again.
    """
    from sync.states import State
    from sync.store.actions.approve import approve as do

    action = Action(
        "approve",
        "approved",
        (State.HELD,),
        "Send {leads}? Each may be a text message to somebody.",
        "The next `leadrelay sync` takes them; where `leadrelay run` is running, it does at once.",
        do,
    )
    wish = Wish(ids or (), (), source, reason, everything)
    act(Session.of(context), action, wish, yes=yes, dry_run=dry_run)
