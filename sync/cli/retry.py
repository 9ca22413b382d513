"""``leadrelay retry``: once more, on purpose."""

from __future__ import annotations

import typer  # noqa: TC002 - Typer reads the annotations

from sync.cli.frame.acting import Action, act
from sync.cli.frame.choosing import DryRun, Everything, Ids, Reason, SourceName, States, Wish, Yes
from sync.cli.frame.session import Session

EXAMPLES = (
    "leadrelay retry crm:7                      # one lead",
    "leadrelay retry --state rejected           # all that the endpoint refused",
    "leadrelay retry --source crm --reason 422  # those of one source that it refused so",
    "leadrelay retry --state unknown --dry-run  # how many would it be?",
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
    sending it again may text somebody twice.
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
    act(Session.of(context), action, wish, yes=yes, dry_run=dry_run)
