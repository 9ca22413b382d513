"""The command line: one verb per file; parse, call, print."""

from __future__ import annotations

import gc
import sys

#: Objects made, less those gone, before the youngest are looked through; some megabytes.
_YOUNG = 50_000


def main() -> int:
    """Run ``leadrelay`` with this process's arguments and return its exit code."""
    _collect_seldom()
    from sync.cli.frame.app import run

    return run(sys.argv[1:])


def _collect_seldom() -> None:
    """Look for garbage in cycles less often.

    What is imported stays, and a request makes hundreds of objects that go by themselves. Looking through
    them all for cycles, by Python's own settings once in 700, was a quarter of every start and a fifth of
    what a lead cost. Up to this many more are kept now.
    """
    gc.set_threshold(_YOUNG, 50, 50)
