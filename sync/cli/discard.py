"""``leadrelay discard``: put leads away."""

from __future__ import annotations

import typer  # noqa: TC002 - Typer reads the annotations

from sync.cli.frame.acting import Action, act
from sync.cli.frame.choosing import DryRun, Everything, Ids, Reason, SourceName, States, Wish, Yes
from sync.cli.frame.session import Session

EXAMPLES = (
    "leadrelay discard crm:7                    # one lead",
    "leadrelay discard --state held             # all that a guard holds",
    "leadrelay discard --source walk_ins --state invalid",
    "leadrelay discard --state unknown --dry-run",
)


def discard(  # noqa: PLR0913 - one parameter per option
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
    """Put leads away without sending them: taken over as they are, and their payloads erased.

    When the record changes in its source, the change is sent as usual. What is being sent at this
    moment can't be put away.
    """
    from sync.store.actions.discard import DISCARDABLE
    from sync.store.actions.discard import discard as do

    action = Action(
        "discard",
        "discarded",
        DISCARDABLE,
        "Put {leads} away without sending ({counts})? Their payloads are erased.",
        "They are sent only when their records change.",
        do,
    )
    wish = Wish(ids or (), state or (), source, reason, everything)
    act(Session.of(context), action, wish, yes=yes, dry_run=dry_run)
