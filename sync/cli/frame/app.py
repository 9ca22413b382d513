"""The command as a whole: global options, the verbs, and one exit code for whatever happens."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, Any

import typer
from typer.main import get_command

from sync.cli.frame.catalog import VERBS
from sync.cli.frame.exits import ExitCode
from sync.cli.frame.loading import HELP_NAMES, Group, load, stub, stubs
from sync.cli.frame.options import Chosen, common_options

if TYPE_CHECKING:
    from collections.abc import Sequence

EXAMPLES = (
    "leadrelay init                     # write a connector.yaml to begin with",
    "leadrelay check                    # is everything right, and can everything be reached?",
    "leadrelay preview crm              # what would become of a few records",
    "leadrelay plan                     # what would be sent",
    "leadrelay sync                     # send it",
    "leadrelay trace ada@example.com    # what happened to this lead?",
)


class Verbs(Group):
    """All verbs. They are listed without being imported; the one that is called is."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - Typer's signature
        """Return what stands for a verb in lists."""
        verb = VERBS.get(cmd_name)
        return stub(verb) if verb else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Import the verb that is called."""
        name, found, rest = super().resolve_command(ctx, args)
        return name, load(VERBS[str(name)]) if found is not None else None, rest

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Show the help to whoever types nothing; as an error, since nothing was done."""
        if not args and not ctx.resilient_parsing:
            self.format_help(ctx, None)
            raise typer.Exit(ExitCode.WRONG)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the verb; a reader that had enough, as `head` has, is no error."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            _nobody_reads()
            raise typer.Exit(ExitCode.DONE) from None


def command() -> Any:
    """Return the whole command, with no verb imported."""
    app = typer.Typer(cls=Verbs, context_settings=HELP_NAMES, pretty_exceptions_enable=False)
    app.callback()(leadrelay)
    group = get_command(app)
    group.name, group.epilog = "leadrelay", "\n".join(EXAMPLES)
    group.commands = stubs()  # type: ignore[attr-defined]  # it is a Verbs
    group.params[:0] = common_options()
    return group


def leadrelay() -> None:
    """Send new and changed leads from CRMs, databases and spreadsheets into Hatch, each of them once."""


def run(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code. Nothing is raised, whatever happens."""
    chosen = Chosen(json="--json" in arguments)
    _never_choke()
    try:
        code = command().main(list(arguments), "leadrelay", standalone_mode=False, obj=chosen)
        sys.stdout.flush()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(bool(stop.code))
    except BrokenPipeError:
        _nobody_reads()
        return ExitCode.DONE
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the one place where everything ends
        from sync.cli.frame.failures import tell

        return tell(error, chosen)
    return int(code or 0)


def _never_choke() -> None:
    """Let a name that a terminal's encoding lacks be shown escaped instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _nobody_reads() -> None:
    """Let what is still buffered go nowhere, so that Python does not complain when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
