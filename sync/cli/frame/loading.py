"""From a verb's name to its command. Only the verb that is called is imported."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from sync.cli.frame.catalog import VERBS
from sync.cli.frame.help import print_help
from sync.cli.frame.options import common_options

if TYPE_CHECKING:
    from sync.cli.frame.catalog import Verb

HELP_NAMES = {"help_option_names": ["--help", "-h"]}


class Command(TyperCommand):
    """A verb whose help shows examples."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - Typer's signature
        """Print the help instead of handing it to the formatter."""
        print_help(self, ctx)


class Group(TyperGroup):
    """A verb that has verbs of its own, like ``state``."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - Typer's signature
        """Print the help instead of handing it to the formatter."""
        print_help(self, ctx)


def load(verb: Verb) -> Any:
    """Import a verb and return its command, with the options that every verb has."""
    module = import_module(verb.module)
    app = getattr(module, "app", None)
    command = get_group(app) if app is not None else _command(verb, getattr(module, verb.function))
    command.name, command.epilog = verb.name, "\n".join(getattr(module, "EXAMPLES", ()))
    _add_options(command, common_options())
    return command


def stub(verb: Verb) -> TyperCommand:
    """Return what stands for a verb in lists, without importing it."""
    return TyperCommand(verb.name, short_help=verb.summary, help=verb.summary, rich_help_panel=verb.panel)


def stubs() -> dict[str, TyperCommand]:
    """Return a stub for every verb."""
    return {name: stub(verb) for name, verb in VERBS.items()}


def _command(verb: Verb, function: Any) -> Any:
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(verb.name, cls=Command, context_settings=HELP_NAMES)(function)
    return get_command(app)


def _add_options(command: Any, options: list[Any]) -> None:
    command.params.extend(options)
    for inner in getattr(command, "commands", {}).values():
        _add_options(inner, options)
