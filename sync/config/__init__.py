"""connector.yaml: read, completed from variables, checked as a whole, and frozen.

`load_config` reports everything that is wrong in every file at once, each with its place.
"""

from __future__ import annotations

from sync.config._config import Config, EndpointConfig, SourceConfig
from sync.config._load import load_config
from sync.config._one_source import load_source
from sync.config._unmapped import NoSuchSource, UnmappedSource, load_unmapped
from sync.config.catalog import Catalog
from sync.config.options import SourceOptions
from sync.config.schedule import Schedule, parse_schedule
from sync.config.state import State

__all__ = [
    "Catalog",
    "Config",
    "EndpointConfig",
    "NoSuchSource",
    "Schedule",
    "SourceConfig",
    "SourceOptions",
    "State",
    "UnmappedSource",
    "load_config",
    "load_source",
    "load_unmapped",
    "parse_schedule",
]
