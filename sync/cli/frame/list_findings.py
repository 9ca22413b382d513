"""What `check` says of the suppression lists: it reads them whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.cli.frame.exits import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.config import Config, EndpointConfig

#: The digests are made only to be counted.
_NO_KEY = b"nobody keeps these"


def list_findings(config: Config, *, in_files: bool) -> Iterator[tuple[str, ExitCode, str]]:
    """Yield what a list is, what it means for the exit code, and how it reads.

    Args:
        config: the configuration.
        in_files: whether those in files are read, or those in databases.

    """
    for endpoint in config.endpoints.values():
        suppress = endpoint.settings.suppress
        if suppress is not None and (suppress.path is not None) is in_files:
            code, said = _read(config, endpoint)
            yield f"suppression list of {endpoint.name}", code, said


def _read(config: Config, endpoint: EndpointConfig) -> tuple[ExitCode, str]:
    from sources.errors import BadConfig, SourceError
    from sync.suppression import source_of
    from sync.suppression.entries import read_entries

    suppress = endpoint.settings.suppress
    origin = source_of(suppress, config.directory)
    try:
        origin.revision()
        return ExitCode.DONE, f"{origin.shown}: {read_entries(origin.rows(), suppress.region, _NO_KEY).said}"
    except BadConfig as error:
        return ExitCode.WRONG, f"{origin.shown}: {error}"
    except SourceError as error:
        return ExitCode.UNAVAILABLE, f"{origin.shown}: {error}"
