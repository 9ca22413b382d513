"""How the demo speaks: headings, what it is about to do, and the commands it types."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap

_BOLD, _DIM, _CYAN, _GREEN, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[32m", "\x1b[0m"
_WIDEST = 100


def title(text: str) -> None:
    """Begin a chapter."""
    rule = "─" * max(3, _columns() - len(text) - 4)
    print(f"\n{_styled(f'── {text} {rule}', _BOLD)}", flush=True)


def blank() -> None:
    """Leave a line free."""
    print(flush=True)


def say(text: str) -> None:
    """Say something in a paragraph of its own."""
    print(textwrap.fill(" ".join(text.split()), _columns()), flush=True)


def item(name: str, text: str) -> None:
    """Say something about one of several things."""
    first, *more = textwrap.wrap(" ".join(text.split()), _columns() - 13)
    print(f"  {_styled(f'{name:9}', _CYAN)}  {first}")
    for line in more:
        print(" " * 13 + line)
    sys.stdout.flush()


def typed(command: str) -> None:
    """Show a command as somebody types it."""
    print(f"\n{_styled('$ ' + command, _CYAN)}", flush=True)


def ended(code: int, meaning: str) -> None:
    """Say how a command ended, and what that means."""
    print(_styled(f"[exit code {code}: {meaning}]", _DIM), flush=True)


def good(text: str) -> None:
    """Say what came out as it should."""
    wrapped = textwrap.fill(" ".join(text.split()), _columns() - 2, subsequent_indent="  ")
    print(f"{_styled('✓', _GREEN)} {wrapped}", flush=True)


def _styled(text: str, style: str) -> str:
    return f"{style}{text}{_PLAIN}" if _wants_color() else text


def _wants_color() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _columns() -> int:
    return min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns)
