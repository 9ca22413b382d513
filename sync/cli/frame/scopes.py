"""What `pause` and `resume` are about: a source, or an endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from sync.cli.frame.failures import Refused
from sync.cli.frame.session import source_named
from sync.located_yaml import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection

    from sync.config import Config

Source: TypeAlias = Annotated[str | None, typer.Argument(metavar="[SOURCE]", help="The source.")]
Endpoint: TypeAlias = Annotated[
    str | None, typer.Option("--endpoint", metavar="NAME", help="An endpoint instead of a source.")
]


def scope_of(
    config: Config, source: str | None, endpoint: str | None, known: Collection[str] = ()
) -> tuple[str, str]:
    """Return the scope as the store names it, and as people do.

    Args:
        config: what is configured.
        source: its name, if it is one.
        endpoint: its name, if it is one.
        known: scopes of sources that need not be configured.

    Raises:
        Refused: when it is not exactly one of the two, or there is none of that name.

    """
    from sync.store.actions.pausing import endpoint_scope, source_scope

    if (source is None) == (endpoint is None):
        raise Refused("name a source, or an endpoint with --endpoint NAME")
    if source is not None and source_scope(source) in known:
        return source_scope(source), f"source {source}"
    if source is not None:
        return source_scope(source_named(config, source).name), f"source {source}"
    if endpoint is None or endpoint not in config.endpoints:
        close = did_you_mean(str(endpoint), config.endpoints)
        names = ", ".join(config.endpoints)
        raise Refused(f'there is no endpoint "{endpoint}"{close}; there are: {names}')
    return endpoint_scope(endpoint), f"endpoint {endpoint}"
