"""Adapters and endpoints made from the configuration. Nothing here connects to anything."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sources.base import Closes, HasLookback, SourceContext

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import timedelta

    from sources.base import Source
    from sync.config import Config, EndpointConfig, SourceConfig
    from sync.endpoints.base import Endpoint

#: Where adapters keep files of their own, beside connector.yaml.
FILES = ".leadrelay"


def make_source(config: Config, source: SourceConfig) -> Source:
    """Return the adapter of a source.

    Raises:
        BadConfig: when the adapter finds that its settings can't work.

    """
    context = SourceContext(source.name, config.directory, source.options.timezone, config.directory / FILES)
    return source.adapter(source.settings, context)


@asynccontextmanager
async def using(config: Config, source: SourceConfig) -> AsyncIterator[Source]:
    """Make a source's adapter and give it back afterwards.

    Raises:
        BadConfig: when the adapter finds that its settings can't work.

    """
    adapter = make_source(config, source)
    try:
        yield adapter
    finally:
        if isinstance(adapter, Closes):
            await adapter.close()


def make_endpoint(endpoint: EndpointConfig) -> Endpoint:
    """Return the endpoint that leads are sent to."""
    made: Endpoint = endpoint.adapter(endpoint.settings)
    return made


def lookback_of(source: SourceConfig, adapter: Source) -> timedelta | None:
    """Return how far before its position a poll begins: as the user says, or as the adapter does."""
    if source.options.lookback is not None:
        return source.options.lookback
    return adapter.default_lookback if isinstance(adapter, HasLookback) else None
