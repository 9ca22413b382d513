"""What `check` says of the OAuth tokens that are kept: which of them are not encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources.errors import BadConfig
from sync.cli.frame.checks import Finding
from sync.cli.frame.exits import ExitCode

if TYPE_CHECKING:
    from sync.config import Config

_WHAT = "kept tokens"


def token_findings(config: Config) -> list[Finding]:
    """Return what there is to say; nothing where none is kept, or all are encrypted."""
    from sync.runtime.making import FILES

    directory = config.directory / FILES
    if not any(directory.glob("oauth-*.json")):
        return []
    from sources.oauth import kept_in_plain

    try:
        plain = kept_in_plain(directory)
    except BadConfig as error:
        return [Finding(_WHAT, ExitCode.WRONG, (str(error),))]
    if not plain:
        return [Finding(_WHAT, ExitCode.DONE, ("all of them are encrypted",))]
    names = ", ".join(path.name for path in plain)
    said = "not encrypted, readable by you alone; LEADRELAY_TOKEN_KEY in the environment would encrypt them"
    return [Finding(_WHAT, ExitCode.DONE, (f"{FILES}/{names}: {said}",))]
