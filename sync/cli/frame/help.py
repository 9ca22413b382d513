"""``--help``: what a verb is for, examples first, then every option.

Made by hand and without Rich: Typer's own takes longer to import than all the rest of ``--help``.
"""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING, Any, TypeAlias

import typer

from sync.cli.frame.catalog import PANELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    #: Rows of name and text, by heading.
    _Sections: TypeAlias = dict[str, list[tuple[str, str]]]

_WIDEST, _NARROWEST = 100, 50
#: Names longer than this have their text on the next line.
_LONGEST_NAME = 30


def print_help(command: Any, context: Any) -> None:
    """Print the help of a command to stdout."""
    typer.echo("\n".join(_lines(command, context)).rstrip(), color=_wants_color())


def _wants_color() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _lines(command: Any, context: Any) -> Iterable[str]:
    yield " ".join([_bold("Usage:"), context.command_path, *command.collect_usage_pieces(context)])
    yield ""
    yield from _paragraphs(command.help or "")
    if command.epilog:
        yield _bold("Examples:")
        yield from _examples(command.epilog.splitlines())
        yield ""
    yield from _sections(_verbs(command, context))
    yield from _sections(_parameters(command, context))


def _examples(examples: Sequence[str]) -> Iterable[str]:
    for example in examples:
        call, _, comment = example.partition("  # ")
        yield f"  {typer.style(call, fg='cyan')}" + (
            typer.style(f"  # {comment}", dim=True) if comment else ""
        )


def _verbs(command: Any, context: Any) -> _Sections:
    """Return the verbs by their headings, as name and text."""
    found: _Sections = {panel: [] for panel in PANELS}
    for name in getattr(command, "commands", ()):
        each = command.get_command(context, name)
        panel = each.rich_help_panel if isinstance(each.rich_help_panel, str) else "Verbs"
        found.setdefault(panel, []).append((name, each.get_short_help_str(_WIDEST)))
    return found


def _parameters(command: Any, context: Any) -> _Sections:
    """Return arguments and options by their headings, those of every verb last."""
    found: _Sections = {"Arguments": [], "Options": []}
    for each in command.get_params(context):
        if not getattr(each, "hidden", False):
            own = "Arguments" if each.param_type_name == "argument" else "Options"
            panel = getattr(each, "rich_help_panel", None) or own
            found.setdefault(panel, []).append(_record(each, context))
    return found


def _record(each: Any, context: Any) -> tuple[str, str]:
    """Return a parameter's names and its text, without the decoration that Typer adds to a flag."""
    text = getattr(each, "help", None) or ""
    if each.param_type_name == "argument":
        return each.display_name_raw, text
    names = ", ".join(sorted(each.opts, key=len) + list(each.secondary_opts))
    if not each.is_flag:
        kind = each.display_type(context).strip("<>").upper().removesuffix(" RANGE")
        names += f" {each.metavar or kind}"
    default = each.default if each.show_default and not each.is_flag else None
    return names, text if default is None or default == [] else f"{text} (default {default})"


def _sections(sections: _Sections) -> Iterable[str]:
    """Yield sections with their texts under one another, a line between them."""
    names = [name for rows in sections.values() for name, _ in rows]
    width = max((len(name) for name in names if len(name) <= _LONGEST_NAME), default=0)
    for heading, rows in sections.items():
        if rows:
            yield _bold(f"{heading}:")
            for name, text in rows:
                yield from _row(name, text, width)
            yield ""


def _row(name: str, text: str, width: int) -> Iterable[str]:
    first, *more = textwrap.wrap(text, max(_columns() - width - 4, 20)) or [""]
    shown = typer.style(name, fg="cyan", bold=True)
    if len(name) > width:
        yield f"  {shown}"
        more = [first, *more]
    else:
        yield f"  {shown}{' ' * (width - len(name))}  {first}".rstrip()
    yield from (" " * (width + 4) + line for line in more)


def _paragraphs(text: str) -> Iterable[str]:
    for paragraph in text.split("\n\n"):
        yield from textwrap.wrap(" ".join(paragraph.split()), _columns())
        yield ""


def _bold(text: str) -> str:
    return typer.style(text, bold=True)


def _columns() -> int:
    return max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns))
