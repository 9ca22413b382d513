"""Mapping files, compiled once into a function from record to lead.

The language is described in `sync.mapping.spec`; nothing in this package does any I/O besides reading
the file.
"""

from __future__ import annotations

from sync.mapping.loading import UnknownLanguage, load_mapping, mapping_from_text, parse_mapping
from sync.mapping.mapping import LANGUAGE, Mapping
from sync.mapping.spec import MappingSpec

__all__ = [
    "LANGUAGE",
    "Mapping",
    "MappingSpec",
    "UnknownLanguage",
    "load_mapping",
    "mapping_from_text",
    "parse_mapping",
]
