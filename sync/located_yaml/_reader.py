"""Read YAML into data with positions, event by event: no recursion, nothing is ever expanded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from sync.located_yaml._builder import Builder
from sync.located_yaml._located import Located, Node
from sync.located_yaml._problems import ConfigError
from sync.located_yaml._syntax import syntax_problem
from sync.located_yaml._text import check_characters, read_text, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def read_yaml(path: Path) -> Located:
    """Read a file.

    Raises:
        ConfigError: when it can't be read, or is not YAML of the kind we take.

    """
    return parse_yaml(read_text(path), shown(path))


def parse_yaml(text: str, file: str) -> Located:
    """Read YAML from text; ``file`` is what messages call it.

    Raises:
        ConfigError: with every problem up to the first one that leaves no sense in what follows.

    """
    text = text.removeprefix("\ufeff")
    check_characters(text, file)
    builder = Builder(file, text)
    try:
        for event in _events(text):
            builder.take(event)
            if builder.stopped:
                break
    except yaml.MarkedYAMLError as error:
        builder.problems.append(syntax_problem(error, text, file))
    if builder.problems:
        raise ConfigError(builder.problems)
    return Located(builder.root or Node(1, 1), text, file)


def _events(text: str) -> Iterator[Any]:
    events: Iterator[Any] = yaml.parse(text, Loader=yaml.CSafeLoader)
    return events
