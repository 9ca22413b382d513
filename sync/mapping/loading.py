"""Mappings from files, from text that a person edits, and from what the store keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from pydantic import ValidationError

from sync.located_yaml import ConfigError, Located, parse_yaml, problems_from, read_yaml
from sync.mapping.building import syntax_problems
from sync.mapping.mapping import LANGUAGE, Mapping
from sync.mapping.places import Places, in_order
from sync.mapping.spec import MappingSpec
from sync.mapping.zones import zone_of

if TYPE_CHECKING:
    from datetime import tzinfo
    from pathlib import Path


class UnknownLanguage(ValueError):
    """A kept mapping that this program can't read: a newer one wrote it, or one with other filters."""


def load_mapping(path: Path, *, timezone: tzinfo) -> Mapping:
    """Read and compile a mapping file.

    Args:
        path: the YAML file.
        timezone: the zone of times that carry no offset and have no `timezone` of their own.

    Raises:
        ConfigError: with everything that is wrong with it.

    """
    return _compiled(read_yaml(path), timezone)


def parse_mapping(text: str, file: str, *, timezone: tzinfo) -> Mapping:
    """Compile a mapping from YAML text; ``file`` is what messages call it.

    Raises:
        ConfigError: with everything that is wrong with it.

    """
    return _compiled(parse_yaml(text, file), timezone)


def mapping_from_text(text: str) -> Mapping:
    """Compile a mapping from its `Mapping.text`, as kept by the store.

    Raises:
        UnknownLanguage: when this program can't read it.

    """
    try:
        kept: dict[str, Any] = orjson.loads(text)
        if kept["language"] == LANGUAGE:
            return Mapping(MappingSpec.model_validate(kept["mapping"]), zone_of(kept["timezone"]), Places())
    except (ConfigError, ValueError, KeyError, TypeError) as error:
        raise UnknownLanguage(f"a mapping that this program can't read: {error}") from error
    raise UnknownLanguage(
        f"a mapping in version {kept['language']} of the language; this program knows {LANGUAGE}"
    )


def _compiled(located: Located, timezone: tzinfo) -> Mapping:
    places = Places(located)
    try:
        spec = MappingSpec.model_validate(located.data)
    except ValidationError as error:
        found = problems_from(located, error, model=MappingSpec)
        raise ConfigError(in_order([*found, *syntax_problems(located.data, places)])) from None
    return Mapping(spec, timezone, places)
