"""``make demo``: leads from a workbook, a database and an HTTP API arrive in a Hatch of this machine's own.

Nothing leaves this machine, and everything the demo makes is in its directory, .demo by default.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from demo import crm, story, telling
from demo.stage import ROOT, DemoFailed, Hatch, Project, running_hatch

if TYPE_CHECKING:
    from collections.abc import Sequence

_DESCRIPTION = "Leads from a workbook, a database and an HTTP API arrive in a Hatch of this machine's own."


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the demo and return 0, or 1 when something did not go as it says."""
    options = _parser().parse_args(arguments)
    # Ended from outside, it takes the sandbox with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    now = datetime.now(UTC)
    try:
        with running_hatch() as hatch, crm.Crm(now) as api:
            project = Project(options.directory.resolve(), _settings(hatch, api))
            story.play(story.Cast(hatch, api, project, now))
            _stay(hatch, keep=options.keep)
    except DemoFailed as failed:
        print(f"\ndemo: {failed}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped")
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m demo.run", description=_DESCRIPTION)
    parser.add_argument("--keep", action="store_true", help="leave the sandbox up until Ctrl-C")
    parser.add_argument("--directory", type=Path, default=ROOT / ".demo", help="where it works (.demo)")
    return parser


def _settings(hatch: Hatch, api: crm.Crm) -> dict[str, str]:
    """Return what differs from the connector.yaml of the project: where things are, and how to begin."""
    return {
        "HATCH_DEPARTMENT_ID": hatch.department_id,
        "HATCH_API_KEY": hatch.api_key,
        "LEADRELAY_ENDPOINT__BASE_URL": hatch.base_url,
        "CRM_TOKEN": crm.TOKEN,
        "LEADRELAY_SOURCES__CRM__URL": api.url,
        "LEADRELAY_SOURCES__CRM__FIRST_SYNC": "everything",
        "LEADRELAY_SOURCES__ORDERS__FIRST_SYNC": "everything",
    }


def _stay(hatch: Hatch, *, keep: bool) -> None:
    """Leave the sandbox up for as long as somebody wants to look at it."""
    if keep:
        telling.say(f"The contacts page is {hatch.url} until Ctrl-C.")
        signal.pause()
        return
    if sys.stdin.isatty() and sys.stdout.isatty():
        telling.say(f"Look at {hatch.url} in a browser: who arrived, and how often each was texted.")
        with contextlib.suppress(EOFError):
            input("Enter ends the demo. ")


if __name__ == "__main__":
    sys.exit(main())
