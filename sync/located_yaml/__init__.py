"""YAML with positions: every error is ``file:line:column: path: message``, and all come at once.

The YAML that is read here is the part on which YAML 1.1 and 1.2 agree, so that nothing turns into
something that nobody wrote: see `sync.located_yaml._scalars`. Anchors, aliases, merge keys, tags and
second documents are refused, with the reason.
"""

from __future__ import annotations

from sync.located_yaml._located import Located
from sync.located_yaml._models import annotations_at, keys_at, secret_texts
from sync.located_yaml._problems import ConfigError, ConfigProblem, Mark, Path, did_you_mean, dotted, quoted
from sync.located_yaml._pydantic import problems_by_path, problems_from
from sync.located_yaml._reader import parse_yaml, read_yaml
from sync.located_yaml._text import read_text, shown

__all__ = [
    "ConfigError",
    "ConfigProblem",
    "Located",
    "Mark",
    "Path",
    "annotations_at",
    "did_you_mean",
    "dotted",
    "keys_at",
    "parse_yaml",
    "problems_by_path",
    "problems_from",
    "quoted",
    "read_text",
    "read_yaml",
    "secret_texts",
    "shown",
]
