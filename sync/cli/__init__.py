"""The command line: one verb per file; parse, call, print."""

from __future__ import annotations

import sys


def main() -> int:
    """Run ``leadrelay`` with this process's arguments and return its exit code."""
    from sync.cli.frame.app import run

    return run(sys.argv[1:])
