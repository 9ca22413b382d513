"""The options that every verb has, before the verb or after it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.main import get_command

PANEL = "Options of every verb"
DEFAULT_CONFIG = "connector.yaml"


@dataclass(slots=True)
class Chosen:
    """What the common options say. It is the ``obj`` of every Typer context."""

    config: Path = Path(DEFAULT_CONFIG)
    json: bool = False
    quiet: bool = False
    verbose: bool = False


def _keep(context: typer.Context, option: typer.CallbackParam, value: Any) -> Any:
    """Note an option that was given; one that was given before the verb stays in force after it."""
    if value and isinstance(context.obj, Chosen):
        setattr(context.obj, str(option.name), value)
    return value


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"leadrelay {version('leadrelay')}")
        raise typer.Exit


def _options(
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            "-c",
            metavar="FILE",
            help=f"The configuration. (default {DEFAULT_CONFIG})",
            callback=_keep,
            expose_value=False,
            rich_help_panel=PANEL,
            show_default=False,
        ),
    ] = None,
    json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="One JSON document on stdout, everything else on stderr.",
            callback=_keep,
            expose_value=False,
            rich_help_panel=PANEL,
        ),
    ] = False,
    quiet: Annotated[
        bool,
        typer.Option(
            "--quiet",
            "-q",
            help="Say nothing but the answer and errors.",
            callback=_keep,
            expose_value=False,
            rich_help_panel=PANEL,
        ),
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose",
            "-v",
            help="Say more; with an error of leadrelay itself, where it came from.",
            callback=_keep,
            expose_value=False,
            rich_help_panel=PANEL,
        ),
    ] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the version.",
            callback=_version,
            is_eager=True,
            expose_value=False,
            rich_help_panel=PANEL,
        ),
    ] = False,
) -> None:
    """Carry the options; nothing ever calls it."""


def common_options() -> list[Any]:
    """Return the options as Typer's own objects, to be added to a command."""
    app = typer.Typer(add_completion=False)
    app.command()(_options)
    return list(get_command(app).params)
