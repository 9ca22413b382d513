"""The records of a preview, read once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sync.cli.frame.running import placed

if TYPE_CHECKING:
    from sync.config import Config, SourceConfig
    from sync.runtime.previewing import Preview
    from sync.runtime.sampling import Choice


def read(config: Config, source: SourceConfig, choice: Choice) -> Preview:
    """Read and map the chosen records.

    Raises:
        SourceError: when the source can't be read.
        ConfigError: when one of its settings is at fault, or it lacks a column.

    """
    from sync.runtime.previewing import preview as work

    with placed(config, source.name):
        return asyncio.run(work(config, source, choice))
