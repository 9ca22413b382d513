"""Mappings from files, from text that a person edits, and from what the store keeps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from pydantic import ValidationError

from sync.located_yaml import ConfigError, parse_yaml, problems_from, read_yaml
from sync.mapping.building import further_problems
from sync.mapping.desk import Workshop
from sync.mapping.gathering import Gathered
from sync.mapping.including import Fragments
from sync.mapping.lookups import FileTables, KeptTables, Tables
from sync.mapping.mapping import LANGUAGE, Mapping
from sync.mapping.missing import MissingWords
from sync.mapping.places import Places, in_order
from sync.mapping.spec import MappingSpec
from sync.mapping.zones import zone_of

if TYPE_CHECKING:
    from datetime import tzinfo


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
    fragments = Fragments(read_yaml(path), path.parent, path)
    return _compiled(fragments, FileTables(path.parent), timezone)


def parse_mapping(text: str, file: str, *, timezone: tzinfo, directory: Path | None = None) -> Mapping:
    """Compile a mapping from YAML text; ``file`` is what messages call it.

    Args:
        text: the YAML.
        file: its name for messages.
        timezone: the zone of times that carry no offset and have no `timezone` of their own.
        directory: where its lookups and fragments are; None for that of ``file``.

    Raises:
        ConfigError: with everything that is wrong with it.

    """
    directory = Path(file).parent if directory is None else directory
    fragments = Fragments(parse_yaml(text, file), directory, directory / Path(file).name)
    return _compiled(fragments, FileTables(directory), timezone)


def mapping_from_text(text: str) -> Mapping:
    """Compile a mapping from its `Mapping.text`, as kept by the store.

    Raises:
        UnknownLanguage: when this program can't read it.

    """
    try:
        kept: dict[str, Any] = orjson.loads(text)
        if kept["language"] in (1, LANGUAGE):
            spec = MappingSpec.model_validate(_in_todays_words(kept))
            shop = _workshop(spec, Places(), KeptTables(kept.get("tables", {})), zone_of(kept["timezone"]))
            return Mapping(spec, shop)
    except (ConfigError, ValueError, KeyError, TypeError) as error:
        raise UnknownLanguage(f"a mapping that this program can't read: {error}") from error
    raise UnknownLanguage(
        f"a mapping in version {kept['language']} of the language; this program knows {LANGUAGE}"
    )


def _in_todays_words(kept: dict[str, Any]) -> dict[str, Any]:
    """Return a kept mapping in this version of the language; in the first one no word meant nothing."""
    said: dict[str, Any] = kept["mapping"]
    return {"missing": [], **said} if kept["language"] == 1 else said


def _workshop(spec: MappingSpec | None, places: Places, tables: Tables, timezone: tzinfo) -> Workshop:
    return Workshop(timezone, places, MissingWords(spec.missing if spec else ()), tables)


def _compiled(fragments: Fragments, tables: Tables, timezone: tzinfo) -> Mapping:
    located = Gathered(fragments.main, fragments.found)
    places = Places(located, fragments.directories)
    try:
        spec = MappingSpec.model_validate(located.data)
    except ValidationError as error:
        found = [*problems_from(located, error, model=MappingSpec), *fragments.problems]
        further = further_problems(located.data, _workshop(None, places, tables, timezone))
        raise ConfigError(in_order([*found, *further])) from None
    shop = _workshop(spec, places, tables, timezone)
    shop.problems.extend(fragments.problems)
    return Mapping(spec, shop)
