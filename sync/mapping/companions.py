"""The files that a mapping file takes in: fragments and lookup tables, whether or not they can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.located_yaml import ConfigError, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Fragments within fragments that are followed; more is an error where a mapping is read.
_DEEPEST = 6


def companions(file: Path) -> frozenset[Path]:
    """Return the files that a mapping names, with those that its fragments name.

    What can't be read names none: whoever watches a file must bear that it is wrong for a while.
    """
    return frozenset(_named(file, 0))


def _named(file: Path, depth: int) -> Iterator[Path]:
    try:
        data = read_yaml(file).data
    except ConfigError:
        return
    if not isinstance(data, dict) or depth > _DEEPEST:
        return
    for name in _texts(data.get("include")):
        yield file.parent / name
        yield from _named(file.parent / name, depth + 1)
    for name in _lookups([data.get("lead"), data.get("custom")]):
        yield file.parent / name


def _lookups(data: Any) -> Iterator[str]:
    if isinstance(data, list):
        for each in data:
            yield from _lookups(each)
    elif isinstance(data, dict):
        lookup = data.get("lookup")
        yield from _texts(lookup.get("file") if isinstance(lookup, dict) else lookup)
        for each in data.values():
            yield from _lookups(each)


def _texts(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str) and each.strip():
            yield each
