"""A mapping as the store keeps it: all that decides its results, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from sync.mapping.field_spec import ORIGINS
from sync.mapping.lookup_spec import LookupSpec
from sync.mapping.zones import zone_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.mapping.desk import Workshop
    from sync.mapping.spec import MappingSpec

#: The version of the language. What a mapping of an older version means never changes: a change of
#: meaning, also of a default, is a new version, and both are understood from then on.
#: 2: words such as N/A count as nothing, and keys of tables may be ranges.
LANGUAGE = 2

_NO_DECISION = {"examples", "include"}


def kept_text(spec: MappingSpec, shop: Workshop) -> str:
    """Return a mapping with its fragments taken in and the tables of its lookups.

    Comments, order, examples, the names of files and whether something stands in a fragment are left out:
    they decide nothing.
    """
    said: dict[str, Any] = spec.model_dump(
        mode="json", by_alias=True, exclude_defaults=True, exclude=_NO_DECISION
    )
    for name in {"ignore_changes", "missing"} & said.keys():
        said[name] = sorted(set(said[name]))
    whole: dict[str, Any] = {"language": LANGUAGE, "mapping": said, "timezone": zone_name(shop.zone)}
    tables = _with_tables(said, shop)
    if tables:
        whole["tables"] = tables
    return orjson.dumps(whole, option=orjson.OPT_SORT_KEYS).decode()


def _with_tables(said: dict[str, Any], shop: Workshop) -> dict[str, Any]:
    """Name lookup tables by their digests instead of their files, and return them by these."""
    tables: dict[str, Any] = {}
    for path, field in _fields(said):
        if "lookup" in field:
            spec = LookupSpec.model_validate(field["lookup"])
            table, _ = shop.tables.of(spec, (*path, "lookup"), shop.places)
            if table is not None:  # it was there when the field was compiled
                tables[table.digest()] = dict(table.entries)
                named = {} if field.keys() & set(ORIGINS) else {"key": spec.key}
                field["lookup"] = {"file": table.digest(), **named}
    return tables


def _fields(said: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    for section in ("lead", "custom"):
        for name, field in said.get(section, {}).items():
            if isinstance(field, list):
                yield from (((section, name, index), each) for index, each in enumerate(field))
            else:
                yield (section, name), field
